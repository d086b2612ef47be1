import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A list of subscribers with the reason it may be kept (Law 91/2025/QH15 on personal data: purpose and legal basis). */
@Entity('subscriber_lists')
export class SubscriberList {
  @PrimaryGeneratedColumn('identity')
  id: number;

  @Column('text')
  name: string;

  @Column('text')
  purpose: string;

  @Column('text', { name: 'legal_basis' })
  legalBasis: string;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date;
}
