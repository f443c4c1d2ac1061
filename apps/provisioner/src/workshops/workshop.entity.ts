import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { WorkshopFile } from './workshop-file.js';

/** One revision of a workshop. Revisions are kept: a session names the one that it was created from. */
@Entity('workshops')
export class WorkshopEntity {
  @PrimaryColumn('text') id!: string;
  @PrimaryColumn('int') revision!: number;
  @Column('text') digest!: string;
  @Column('jsonb') content!: WorkshopFile;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}
