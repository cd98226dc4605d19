"""Fills the databases of the services that are measured."""
import contextlib
import os

import pymysql

from trials.cloud import STATE
from trials.load.objects import WATCHER_STRATEGY, GodwitRows, WatcherRows

GODWIT, WATCHER = "load_godwit", "load_watcher"
# of the Watcher that runs, whose decision engine has written its goals and strategies
_RUNNING_WATCHER = "watcher"
_STATEMENT_SECONDS = 300
_ROWS_PER_TRANSACTION = 2000


@contextlib.contextmanager
def _connection(database):
    connection = pymysql.connect(
        unix_socket=os.path.join(STATE, "run", "mysql.sock"), user="root", database=database, charset="utf8mb4", connect_timeout=10,
        read_timeout=_STATEMENT_SECONDS, write_timeout=_STATEMENT_SECONDS)
    try:
        yield connection
    except pymysql.MySQLError as e:
        raise RuntimeError("The database %s cannot be filled: %s" % (database, e)) from e
    finally:
        connection.close()


def insertion(table, columns):
    """Returns the statement that inserts a row with these columns, some of whose names are words of SQL."""
    return "INSERT INTO `%s` (%s) VALUES (%s)" % (
        table, ", ".join("`%s`" % column for column in columns), ", ".join(["%s"] * len(columns)))


def _insert(connection, table, rows):
    """Inserts rows, all of which have the same columns, two thousand a transaction."""
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == _ROWS_PER_TRANSACTION:
            _insert_batch(connection, table, batch)
            batch = []
    _insert_batch(connection, table, batch)


def _insert_batch(connection, table, batch):
    if batch:
        with connection.cursor() as cursor:
            cursor.executemany(insertion(table, batch[0]), [tuple(row.values()) for row in batch])
        connection.commit()


def _check(connection, objects):
    """Fails unless all objects are stored; has the database analyze its tables, as it would do in time by itself."""
    with connection.cursor() as cursor:
        for table, wanted in (("audits", objects.audits), ("action_plans", objects.plans), ("actions", objects.actions)):
            cursor.execute("ANALYZE TABLE `%s`" % table)
            cursor.fetchall()
            cursor.execute("SELECT COUNT(*) FROM `%s`" % table)
            stored = cursor.fetchone()[0]
            if stored != len(wanted):
                raise RuntimeError("%d of %d %s are stored." % (stored, len(wanted), table))


def fill_godwit(objects):
    """Stores the objects in the tables that Godwit's service has made."""
    rows = GodwitRows(objects)
    with _connection(GODWIT) as connection:
        _insert(connection, "audits", rows.audits())
        _insert(connection, "action_plans", rows.plans())
        _insert(connection, "actions", rows.actions())
        _check(connection, objects)


def fill_watcher(objects):
    """Stores the objects in Watcher's tables, with the goals, strategies and descriptions of the Watcher that runs."""
    with _connection(WATCHER) as connection:
        with connection.cursor() as cursor:
            for table in ("goals", "strategies", "action_descriptions"):
                cursor.execute("INSERT INTO `%s` SELECT * FROM `%s`.`%s`" % (table, _RUNNING_WATCHER, table))
            connection.commit()
            cursor.execute("SELECT goal_id, id FROM strategies WHERE name = %s AND deleted_at IS NULL", (WATCHER_STRATEGY,))
            found = cursor.fetchone()
        if found is None:
            raise RuntimeError("Watcher has no strategy %s yet: its decision engine writes them when it starts. Is there an error in "
                               "%s/log/watcher-decision-engine.log?" % (WATCHER_STRATEGY, STATE))
        rows = WatcherRows(objects, *found)
        _insert(connection, "audits", rows.audits())
        _insert(connection, "action_plans", rows.plans())
        _insert(connection, "efficacy_indicators", rows.indicators())
        _insert(connection, "actions", rows.actions())
        _check(connection, objects)
