import type { Queries } from '../platform/database/database';

export interface GatewayTerms {
  /** Vietnamese đồng for one segment; null while nobody has entered it: then there is no cost to show. */
  readonly vndPerSegment: number | null;
  /** Segments a second that the contract permits. */
  readonly segmentsPerSecond: number;
}

/**
 * Until somebody enters what the contract says: no price, and a rate that hardly any contract stays below, so that a forecast
 * errs on the side of taking longer. 37,400 texts of four segments then take four hours.
 */
const NOT_ENTERED: GatewayTerms = { vndPerSegment: null, segmentsPerSecond: 10 };

export async function readTerms(queries: Queries, gateway: string): Promise<GatewayTerms> {
  const terms = await queries.row<GatewayTerms>(
    `select vnd_per_segment as "vndPerSegment", segments_per_second as "segmentsPerSecond"
     from gateway_terms where gateway = $1`,
    [gateway],
  );
  return terms ?? NOT_ENTERED;
}
