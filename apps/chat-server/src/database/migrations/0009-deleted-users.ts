/** Accounts that their owners have deleted. The row stays: its id is never given again, and entries name who wrote them. */
export const deletedUsers = `
alter table users add column deleted_at bigint;
`;
