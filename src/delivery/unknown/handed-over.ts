/**
 * SQL, of an unknown text `u` and its batch `b`: joins `h`, the hand-over of that attempt, with what of it the batch says for
 * attempts before gateways were recorded. Columns: `gateway`, `sender` its sender ID there, `at`.
 */
export const HANDED_OVER = `
  left join chunks c on c.id = u.chunk_id
  left join handovers s on s.chunk_id = c.id
    and case when c.seqs is null then u.seq else array_position(c.seqs, u.seq) end between s.from_item and s.to_item
  cross join lateral (
    select coalesce(s.gateway, b.gateway) as gateway, coalesce(s.at, u.since) as at,
      case when coalesce(s.gateway, b.gateway) = b.gateway then b.sender
        else b.alternative_senders[array_position(b.alternative_gateways, s.gateway)] end as sender
  ) h`;
