-- What the flow book-appointment asks of its calendar, and how it holds a time. The tables are in
-- ../database/appointments.sql. Everything in a list is text but `enabled`, for that is what WhatsApp's drop-downs take;
-- titles have 30 characters at most.

-- name: departments
select id, title, description
from departments
order by position

-- name: locations
-- Shops where this is done and something is free after today; what is held by :mine counts as free.
select id, title, address as description
from locations
where exists (
  select from slots
  where location = locations.id and department = :department and starts_at >= :today::date + 1 and (held_by is null or held_by = :mine)
)
order by title

-- name: location
select title, address as description
from locations
where id = :location

-- name: dates
-- The next four weeks: full days are shown, and cannot be chosen. What is held by :mine counts as free.
select
  day::text as id,
  to_char(day, 'Dy FMDD Mon') as title,
  case free when 0 then 'Nothing free' when 1 then '1 time free' else free || ' times free' end as description,
  free > 0 as enabled
from (
  select starts_at::date as day, count(*) filter (where held_by is null or held_by = :mine) as free
  from slots
  where
    department = :department and location = :location
    and starts_at >= :today::date + 1 and starts_at < :today::date + 29
  group by starts_at::date
) as days
order by day

-- name: times
select
  to_char(starts_at, 'HH24:MI') as id,
  to_char(starts_at, 'HH24:MI') as title,
  (held_by is null or held_by = :mine) as enabled
from slots
where
  department = :department and location = :location
  and starts_at >= :day::date and starts_at < :day::date + 1
order by starts_at

-- name: hold_slot (reserve)
-- Of two people who choose the same time, one changes the row and the other changes none.
update slots
set held_by = :key, held_at = now()
where
  department = :department and location = :location
  and starts_at = :day::date + :time::time
  and (held_by is null or held_by = :key)
returning to_char(starts_at, 'YYYY-MM-DD HH24:MI') as starts_at

-- name: release_slot (release)
update slots
set held_by = null, held_at = null
where held_by = :key
