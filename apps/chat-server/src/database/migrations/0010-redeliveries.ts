/**
 * What was sent to a device that acknowledges, and was not acknowledged: up to which entry, and how often it has come. It
 * says nothing once the cursor is there.
 */
export const redeliveries = `
alter table device_cursors add column unproven_seq bigint not null default 0, add column deliveries smallint not null default 0;
`;
