-- The tables behind the flow book-appointment, with a calendar for the next four weeks, to try it on PostgreSQL:
--
--   createdb calendar
--   psql calendar -f config/examples/database/appointments.sql
--
-- Your calendar has tables of its own: then write ../queries/appointments.sql anew over them, with the same names and
-- columns, and leave the flow as it is.

create table departments (
  id text primary key,
  title text not null check (length(title) <= 30),
  description text not null,
  position int not null
);

create table locations (
  id text primary key,
  title text not null check (length(title) <= 30),
  address text not null
);

-- One row for each time somebody can come. `held_by` is the key under which the gateway holds it, or whatever the shop
-- writes there for those who came to the counter.
create table slots (
  department text not null references departments,
  location text not null references locations,
  starts_at timestamp not null,
  held_by text,
  held_at timestamptz,
  primary key (department, location, starts_at)
);

create index slots_held_by on slots (held_by) where held_by is not null;

insert into departments (id, title, description, position) values
  ('eye-test', 'Eye test', '30 minutes, for new glasses or a check', 1),
  ('contact-lenses', 'Contact lenses', '45 minutes, with lenses to try at home', 2),
  ('glasses-fitting', 'Fitting of glasses', '15 minutes, when yours sit badly', 3);

insert into locations (id, title, address) values
  ('harbour-street', 'Harbour Street', '14 Harbour Street, by the ferry'),
  ('old-mill', 'Old Mill', 'Mill Lane 3, first floor');

-- Monday to Friday, every half hour from 9 to 12 and from 14 to 17; lenses are fitted at Harbour Street alone.
insert into slots (department, location, starts_at)
select departments.id, locations.id, day + hour * interval '1 hour' + half * interval '30 minutes'
from departments
cross join locations
cross join generate_series(current_date + 1, current_date + 28, interval '1 day') as day
cross join unnest(array[9, 10, 11, 14, 15, 16]) as hour
cross join unnest(array[0, 1]) as half
where
  extract(isodow from day) <= 5
  and (departments.id <> 'contact-lenses' or locations.id = 'harbour-street');

-- Some times are gone already: the first of every day, and one whole day.
update slots
set held_by = 'counter', held_at = now()
where starts_at::time = time '09:00';
update slots
set held_by = 'training', held_at = now()
where starts_at::date = (
  select min(starts_at::date) from slots where starts_at >= current_date + 7
);

-- What the gateway's account needs and no more; give it a password of its own first.
--   create role booking login password '…';
--   grant select on departments, locations, slots to booking;
--   grant update (held_by, held_at) on slots to booking;
