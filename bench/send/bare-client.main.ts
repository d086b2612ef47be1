import { GatewayRegistry } from '../../src/gateways';
import { type Lot, type Sending, serve, type Setup } from './contender';
import { outgoing } from './notice';

/** The product's own gateway client, as many requests at once as there are sockets, and nothing else: no database. */
async function open({ simulator, sockets, timeoutMs }: Setup): Promise<Sending> {
  const gateways = await GatewayRegistry.open(['simulator'], { simulator: { ...simulator, sockets, timeoutMs } });
  const gateway = gateways.get('simulator');

  const send = async ({ id, messages }: Lot): Promise<void> => {
    let seq = 0;
    const sendOnOneSocket = async (): Promise<void> => {
      while (seq < messages) {
        seq += 1;
        const { kind } = await gateway.send(outgoing(id, seq));
        if (kind !== 'accepted') throw new Error(`the simulator answered ${kind}`);
      }
    };
    await Promise.all(Array.from({ length: sockets }, sendOnOneSocket));
  };

  return { prepare: async () => undefined, send, close: () => gateways.close() };
}

serve(open);
