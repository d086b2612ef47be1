import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

/**
 * A list of subscribers with the reason it may be kept (Law 91/2025/QH15 on personal data: purpose, legal basis, source
 * and how long).
 */
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

  /** Who handed it over, and with which letter. */
  @Column('text')
  source: string;

  /** The last local day on which it may be kept; null while none is set. */
  @Column('date', { name: 'retain_until', nullable: true })
  retainUntil: string | null;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date;
}
