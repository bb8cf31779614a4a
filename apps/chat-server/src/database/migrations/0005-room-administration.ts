/** What finding rooms, listing their members and keeping them quiet take beside what rooms are made of. */
export const roomAdministration = `
create index rooms_public_by_name on rooms (search_name, conversation_no) where visibility = 1 and archived_at is null;

-- A page of members reads a page of this backwards, in rooms of any size: the owner first, then moderators, then members.
create index members_by_role on members (conversation_no, role, user_no) where left_seq is null;

-- Apart from members: what a person wants to be told of outlives a membership and is nobody else's.
create table room_mutes (
  user_no         integer not null references users on delete cascade,
  conversation_no integer not null references conversations,
  until           bigint not null,                 -- epoch ms
  primary key (user_no, conversation_no)
);

-- An invite is as good as the membership of who made it: nobody comes back, or brings others, by a link of their own.
create function drop_invites_of_leaver() returns trigger language plpgsql as $$
begin
  delete from room_invites where conversation_no = new.conversation_no and created_by = new.user_no;
  return null;
end $$;
create trigger members_invites after update of left_seq on members for each row
  when (old.left_seq is null and new.left_seq is not null) execute function drop_invites_of_leaver();
`;
