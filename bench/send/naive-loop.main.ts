import { Column, DataSource, Entity, PrimaryGeneratedColumn } from 'typeorm';
import twilio from 'twilio';
import { limiter, type Lot, type Sending, serve, type Setup } from './contender';
import { phoneOf, TEXT } from './notice';
import { NAIVE } from './settings';

@Entity('naive_messages')
class NaiveMessage {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('bigint')
  lot: number;

  @Column('text')
  phone: string;

  @Column('text')
  text: string;

  @Column('text')
  status: string;

  @Column('text', { nullable: true })
  sid: string | null;
}

/**
 * How such a program is written first: the stock Twilio SDK with its own HTTP client, 50 texts at a time, and each saved when
 * it is sent. The SDK is turned to a Twilio-shaped endpoint next door.
 */
async function open({ databaseUrl, twilioUrl }: Setup): Promise<Sending> {
  const dataSource = new DataSource({ type: 'postgres', url: databaseUrl, entities: [NaiveMessage] });
  await dataSource.initialize();
  await dataSource.query(
    `create table if not exists naive_messages (id serial primary key, lot bigint not null, phone text not null,
       text text not null, status text not null, sid text)`,
  );
  const messages = dataSource.getRepository(NaiveMessage);
  const client = twilio(NAIVE.account, NAIVE.token);
  client.api.baseUrl = twilioUrl;

  const prepare = async ({ id, messages: count }: Lot): Promise<void> => {
    const phones = Array.from({ length: count }, (_, index) => phoneOf(index + 1));
    await dataSource.query(
      `insert into naive_messages (lot, phone, text, status) select $1, phone, $3, 'queued' from unnest($2::text[]) phone`,
      [id, phones, TEXT],
    );
  };
  const send = async ({ id }: Lot): Promise<void> => {
    const limit = limiter(NAIVE.atATime);
    const queued = await messages.find({ where: { lot: id, status: 'queued' } });
    const sendOne = async (message: NaiveMessage): Promise<void> => {
      const { sid } = await client.messages.create({ to: message.phone, from: '+84900000000', body: message.text });
      message.status = 'sent';
      message.sid = sid;
      await messages.save(message);
    };
    await Promise.all(queued.map((message) => limit(() => sendOne(message))));
  };
  return { prepare, send, close: () => dataSource.destroy() };
}

serve(open);
