"""Uploads to a real PostgreSQL: what is there is there once, whatever is cut, killed, repeated or done side by side."""

import base64
import io
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
import unittest

import numpy
import postgres
import samples
from PIL import Image
from uploading import Uploading


class PlainUploads(Uploading):
    def test_every_drawing_is_there_once_with_the_bytes_it_was_stored_with(self):
        spool, drawings = self.store(3000)
        told = self.sync(spool)
        self.assertEqual((told.status, told.complaint), (0, ""))
        self.assertEqual((told.report["uploaded"], told.report["present"], told.report["error"]), (3000, 0, None))
        self.assert_whole(drawings)
        columns = "uuid::text, label, contributor::text, session::text, sequence, data_set, language, clock, digit, confidence"
        there = {row[0]: row[1:] for row in self.ask(f"SELECT {columns}, drawn_at FROM digit_panel.samples")}
        for each in drawings[::97]:
            *values, drawn = there[str(each.identifier)]
            expected = [each.label, str(each.contributor), str(each.session), each.sequence, each.data_set, "en", "rtc"]
            self.assertEqual(values, [*expected, each.label, 1.0])
            self.assertEqual(round(drawn.timestamp() * 1000), each.wall)
        pictures = dict(self.ask("SELECT uuid::text, png FROM digit_panel.drawings"))
        self.assertEqual(len(pictures), sum(each.data_set for each in drawings), "only who agreed is in the data set")
        for each in drawings[::97]:
            if each.data_set:
                self.assertEqual(bytes(pictures[str(each.identifier)]), each.png)

    def test_names_are_apart_from_the_samples_and_only_where_they_may_be_shown(self):
        spool, drawings = self.store(200)
        self.sync(spool)
        names = dict(self.ask("SELECT pseudonym::text, name FROM digit_panel.contributors"))
        self.assertEqual(names, {str(each.contributor): each.name for each in drawings})
        whole = self.ask("SELECT string_agg(to_jsonb(s)::text, '') FROM (SELECT * FROM digit_panel.samples) s")[0][0]
        self.assertNotIn("Zo", whole)

    def test_a_second_run_sends_nothing_and_a_third_only_what_is_new(self):
        spool, drawings = self.store(700)
        self.sync(spool)
        again = self.sync(spool)
        self.assertEqual((again.status, again.report["uploaded"], again.report["present"]), (0, 0, 0))
        more = samples.add(spool, samples.drawings(30, samples.identity(spool), seed=9, first=701))
        third = self.sync(spool)
        self.assertEqual((third.status, third.report["uploaded"], third.report["present"]), (0, 30, 0))
        self.assert_whole(drawings + more)

    def test_without_its_memory_it_asks_and_sends_nothing_twice(self):
        spool, drawings = self.store(3000)
        self.sync(spool)
        self.forget(spool)
        line = postgres.Line(self.cluster.port)
        told = self.sync(spool, self.cluster.address(self.database, port=line.port))
        self.assertEqual((told.status, told.report["uploaded"], told.report["present"]), (0, 0, 3000))
        self.assertLess(line.carried[0], 400_000, "ids only, not records")
        self.assert_whole(drawings)

    def test_a_database_restored_from_an_older_copy_gets_back_what_it_lost(self):
        spool, drawings = self.store(600)
        self.sync(spool)
        older = self.database + "_older"
        self.cluster.ask("postgres", f"CREATE DATABASE {older} TEMPLATE {self.database}")
        drawings += samples.add(spool, samples.drawings(900, samples.identity(spool), seed=9, first=601))
        self.sync(spool)
        self.cluster.ask("postgres", f"DROP DATABASE {self.database}")
        self.cluster.ask("postgres", f"ALTER DATABASE {older} RENAME TO {self.database}")
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["uploaded"]), (0, 900))
        self.assert_whole(drawings)

    def test_two_databases_are_remembered_apart(self):
        spool, drawings = self.store(100)
        self.sync(spool)
        other = self.cluster.create(self.database + "_b")
        self.assertEqual(self.sync(spool, other).report["uploaded"], 100)
        self.assertEqual(self.sync(spool).report["uploaded"], 0)
        self.assertEqual(self.sync(spool, other).report["uploaded"], 0)

    def test_a_dry_run_tells_and_changes_nothing(self):
        spool, drawings = self.store(120)
        told = self.sync(spool, None, "--dry-run")
        self.assertEqual((told.status, told.report["uploaded"], told.report["dry_run"]), (0, 120, True))
        self.assertFalse(self.tables())
        self.sync(spool)
        samples.add(spool, samples.drawings(5, samples.identity(spool), seed=9, first=121))
        before = (spool / "panel.db").read_bytes()
        told = self.sync(spool, None, "--dry-run")
        self.assertEqual((told.status, told.report["uploaded"]), (0, 5))
        self.assertEqual((spool / "panel.db").read_bytes(), before)
        self.assert_whole(drawings)

    def test_an_empty_store_is_no_trouble(self):
        spool, _ = self.store(0)
        self.assertEqual(self.sync(spool).report["uploaded"], 0)

    def test_a_damaged_record_is_set_aside_and_goes_up_once_it_is_mended(self):
        spool, drawings = self.store(300)
        broken = drawings[123]
        with sqlite3.connect(spool / "panel.db") as store:
            damaged = bytearray(broken.record)
            damaged[200] ^= 4
            store.execute("UPDATE samples SET record = ? WHERE uuid = ?", (bytes(damaged), broken.identifier.bytes))
        store.close()
        for _ in range(2):
            told = self.sync(spool)
            self.assertEqual(told.status, 1)
            self.assertEqual([each["id"] for each in told.report["set_aside"]], [str(broken.identifier)])
            self.assertIn("SHA-256", told.report["set_aside"][0]["reason"])
        self.assert_whole([each for each in drawings if each is not broken])
        with sqlite3.connect(spool / "panel.db") as store:
            store.execute("UPDATE samples SET record = ? WHERE uuid = ?", (broken.record, broken.identifier.bytes))
        store.close()
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["uploaded"]), (0, 1))
        self.assert_whole(drawings)

    def test_the_same_id_with_other_bytes_is_a_conflict_and_overwrites_nothing(self):
        spool, drawings = self.store(300)
        one = drawings[77]
        other = samples.record(
            one.identifier, 9, one.contributor, one.session, samples.panel_of(one.record), one.sequence, one.wall, one.png,
            b"\0\0\0\0",
        )
        false_spool, _ = self.store(0, name="false")
        samples.add(false_spool, [samples.dataclasses.replace(one, label=9, record=other)])
        self.sync(false_spool)
        for _ in range(2):
            told = self.sync(spool)
            self.assertEqual(told.status, 3)
            self.assertEqual([each["id"] for each in told.report["conflicts"]], [str(one.identifier)])
            self.assertIn(str(one.identifier), told.complaint)
        kept = self.ask("SELECT record FROM digit_panel.samples WHERE uuid = %s", (str(one.identifier),))[0][0]
        self.assertEqual(bytes(kept), other)
        self.assertEqual(self.ask("SELECT count(*) FROM digit_panel.samples")[0][0], 300)

    def test_rows_that_the_database_refuses_stay_behind_and_the_others_go(self):
        spool, drawings = self.store(400)
        self.sync(self.store(0, name="none")[0])
        self.ask("ALTER TABLE digit_panel.samples ADD CONSTRAINT no_threes CHECK (label <> 3)")
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["uploaded"], len(told.report["set_aside"])), (1, 360, 40))
        self.assertIn("no_threes", told.report["set_aside"][0]["reason"])
        self.ask("ALTER TABLE digit_panel.samples DROP CONSTRAINT no_threes")
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["uploaded"]), (0, 40))
        self.assert_whole(drawings)

    def test_texts_that_postgresql_has_no_room_for_go_up_all_the_same(self):
        spool, _ = self.store(0)
        panel = samples.identity(spool)
        made = next(iter(samples.drawings(1, panel, seed=4)))
        content = samples.record(
            made.identifier, 4, made.contributor, made.session, panel, 1, -(1 << 62), made.png, b"\0\0\0\0", language=b"e\0n"
        )
        odd = samples.dataclasses.replace(made, record=content, label=4, wall=-(1 << 62), name="\U0001f469\u200d\U0001f680 'x\\")
        samples.add(spool, [odd])
        self.assertEqual(self.sync(spool).status, 0)
        row = self.ask("SELECT s.language, s.drawn_at, c.name FROM digit_panel.samples s, digit_panel.contributors c")[0]
        self.assertEqual((row[0], row[1].year, row[2]), ("e\ufffdn", 1, odd.name))


class SideBySide(Uploading):
    def test_two_uploaders_of_the_same_drawings_put_each_there_once(self):
        spool, drawings = self.store(3000)
        shutil.copytree(spool, self.place / "copy")
        for turn in range(3):
            self.ask("DROP SCHEMA IF EXISTS digit_panel CASCADE")
            # Also the tables are made by both at once.
            runs = [self.start(each) for each in (spool, self.place / "copy")]
            told = [self.finish(run) for run in runs]
            self.assertEqual([each.status for each in told], [0, 0], [each.complaint for each in told])
            self.assertEqual(sum(each.report["uploaded"] for each in told), 3000)
            self.assert_whole(drawings)

    def test_two_runs_over_one_store_put_each_there_once(self):
        spool, drawings = self.store(3000)
        told = [self.finish(run) for run in [self.start(spool), self.start(spool)]]
        self.assertEqual([each.status for each in told], [0, 0], [each.complaint for each in told])
        self.assert_whole(drawings)
        self.assertEqual(self.sync(spool).report["uploaded"], 0)

    def test_a_pooler_in_transaction_mode_may_change_the_session_at_any_time(self):
        spool, drawings = self.store(3000)
        pooler = postgres.Pooler(self.cluster, sessions=2)
        self.addCleanup(pooler.remove)
        address = self.cluster.address(self.database, port=pooler.port)
        stores = [spool]
        for number in range(2):
            stores.append(shutil.copytree(spool, self.place / f"copy{number}"))
        told = [self.finish(run) for run in [self.start(each, address) for each in stores]]
        self.assertEqual([each.status for each in told], [0, 0, 0], [each.complaint for each in told])
        self.assertEqual(sum(each.report["uploaded"] for each in told), 3000)
        self.assert_whole(drawings)
        self.assertEqual(self.sync(spool, address).report["uploaded"], 0)


class Broken(Uploading):
    """Killed and cut: the store is sent again by the next run, or by the same one."""

    def test_killed_at_random_moments_and_run_again(self):
        spool, drawings = self.store(3000)
        generator = random.Random(5)
        began = time.monotonic()
        self.sync(spool)
        longest = time.monotonic() - began
        for turn in range(25):
            if turn % 5 == 0:
                self.ask("DROP SCHEMA digit_panel CASCADE")
                self.forget(spool)
            run = self.start(spool)
            time.sleep(generator.uniform(0, longest))
            run.kill()
            run.communicate()
        told = self.sync(spool)
        self.assertEqual(told.status, 0, told.complaint)
        self.assert_whole(drawings)
        rows, received = self.ask("SELECT (SELECT count(*) FROM digit_panel.samples), sum(samples) FROM digit_panel.batches")[0]
        self.assertEqual(rows, received, "samples and receipts go together")

    def test_its_session_is_ended_at_random_moments_and_it_goes_on(self):
        spool, drawings = self.store(3000)
        generator = random.Random(6)
        ended = 0
        for turn in range(6):
            self.ask("DROP SCHEMA IF EXISTS digit_panel CASCADE")
            self.forget(spool) if turn else None
            run = self.start(spool)
            while run.poll() is None and ended < 5 * (turn + 1):
                time.sleep(generator.uniform(0, 0.12))
                for backend in postgres.backends(self.cluster):
                    ended += self.cluster.ask("postgres", f"SELECT pg_terminate_backend({backend})")[0][0]
            told = self.finish(run)
            self.assertEqual(told.status, 0, told.complaint)
            self.assert_whole(drawings)
        print(f"sessions ended: {ended}", flush=True)
        self.assertGreater(ended, 10)

    def test_a_killed_server_process_takes_all_sessions_with_it_and_the_upload_goes_on(self):
        spool, drawings = self.store(3000)
        generator = random.Random(7)
        killed = 0
        while killed < 4:
            self.ask("DROP SCHEMA IF EXISTS digit_panel CASCADE")
            run = self.start(spool)
            time.sleep(generator.uniform(0.05, 0.4))
            for backend in postgres.backends(self.cluster):
                postgres.kill(backend)
                killed += 1
            told = self.finish(run)
            self.assertEqual(told.status, 0, told.complaint)
            self.assert_whole(drawings)
            self.forget(spool)

    def test_an_answer_to_commit_that_never_comes_leaves_no_doubt(self):
        spool, drawings = self.store(3000)
        line = postgres.Line(self.cluster.port, swallow=5)
        told = self.sync(spool, self.cluster.address(self.database, port=line.port))
        self.assertEqual((told.status, line.cuts), (0, 5), told.complaint)
        self.assertEqual(told.report["uploaded"], 3000, "what was new is counted by the receipt")
        self.assert_whole(drawings)
        self.assertEqual(self.sync(spool).report["uploaded"], 0)

    def test_the_line_is_cut_at_every_two_hundredth_byte_of_a_session(self):
        spool, drawings = self.store(6)
        whole = postgres.Line(self.cluster.port)
        self.sync(spool, self.cluster.address(self.database, port=whole.port))
        cuts = 0
        for way, key in enumerate(("up", "down")):
            for at in range(1, whole.carried[way], 200):
                self.ask("DROP SCHEMA IF EXISTS digit_panel CASCADE")
                self.ask("DROP VIEW IF EXISTS home_drawndigit")
                self.forget(spool)
                line = postgres.Line(self.cluster.port, **{key: at})
                told = self.sync(spool, self.cluster.address(self.database, port=line.port))
                line.close()
                if told.status == 1:
                    # Cut before there was a connection: the next run does it.
                    self.assertIn("cannot ", told.complaint)
                    told = self.sync(spool)
                self.assertEqual(told.status, 0, told.complaint)
                self.assertEqual(self.ask("SELECT count(*), count(DISTINCT uuid) FROM digit_panel.samples"), [(6, 6)])
                cuts += line.cuts
        print(f"cuts: {cuts}, lost 0, doubled 0", flush=True)
        self.assertGreater(cuts, 50)

    def test_interrupted_it_says_so_and_leaves_nothing_half(self):
        spool, drawings = self.store(3000)
        self.sync(self.store(0, name="none")[0])
        for number in (signal.SIGINT, signal.SIGTERM):
            # Another transaction holds what the upload waits for.
            with self.cluster.connect(self.database) as holder, holder.cursor() as cursor:
                cursor.execute("LOCK TABLE digit_panel.samples IN EXCLUSIVE MODE")
                run = self.start(spool)
                deadline = time.monotonic() + 10
                while not self.ask("SELECT 1 FROM pg_locks WHERE NOT granted") and time.monotonic() < deadline:
                    time.sleep(0.02)
                run.send_signal(number)
                told = self.finish(run)
            holder.close()
            self.assertEqual(told.status, 1)
            self.assertIn("interrupted", told.complaint)
        deadline = time.monotonic() + 10
        while postgres.backends(self.cluster) and time.monotonic() < deadline:
            time.sleep(0.02)
        rows, received = self.ask(
            "SELECT (SELECT count(*) FROM digit_panel.samples), (SELECT coalesce(sum(samples), 0) FROM digit_panel.batches)"
        )[0]
        self.assertEqual(rows, received)
        told = self.sync(spool)
        self.assertEqual(told.status, 0)
        self.assert_whole(drawings)


class WebCollectorsTable(Uploading):
    TABLE = """
        CREATE TABLE home_drawndigit (
          id bigint NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY,
          digit_label integer NOT NULL,
          image_data text NOT NULL,
          created_at timestamp with time zone NOT NULL,
          username varchar(100) NOT NULL
        )"""
    LEADERS = 'SELECT username, COUNT(id) AS "count" FROM home_drawndigit GROUP BY username ORDER BY "count" DESC LIMIT 10'

    def read(self) -> list[tuple]:
        """As the web collector's export reads it: all columns by time, each picture decoded, made gray, made small."""
        rows = self.ask("SELECT id, digit_label, image_data, created_at, username FROM home_drawndigit ORDER BY created_at")
        made = []
        for number, label, data, created, name in rows:
            picture = Image.open(io.BytesIO(base64.b64decode(data.split(",")[1], validate=True))).convert("L")
            small = numpy.array(picture.resize((28, 28), Image.Resampling.LANCZOS))
            made.append((number, label, numpy.array(picture), small, created.isoformat(), name))
        return made

    def test_its_queries_and_its_export_work_on_the_view(self):
        spool, drawings = self.store(300)
        told = self.sync(spool)
        self.assertEqual(told.report["web_collector"], "view")
        agreed = [each for each in drawings if each.data_set]
        rows = self.read()
        self.assertEqual([row[1] for row in rows], [each.label for each in agreed])
        self.assertEqual([row[5] for row in rows], [each.name or "Anonymous" for each in agreed])
        for row, each in zip(rows, agreed):
            self.assertEqual(row[2].shape, (280, 280))
            self.assertGreater(int(row[3].max()), 128, "a known drawing still has its ink, light on dark as in MNIST")
            self.assertLess(int(row[3][0, 0]), 10)
        self.assertEqual(len({row[0] for row in rows}), len(rows))
        self.assertEqual(self.ask("SELECT COUNT(*) FROM home_drawndigit"), [(len(agreed),)])
        leaders = self.ask(self.LEADERS)
        self.assertEqual(leaders[0][0], "Anonymous")
        self.assertEqual([row[1] for row in leaders[1:]], [10] * 9)
        name = next(each.name for each in agreed if each.name)
        self.assertEqual(self.ask("SELECT COUNT(*) FROM home_drawndigit WHERE username = %s", (name,)), [(10,)])
        number = rows[5][0]
        self.sync(self.store(50, seed=8, name="more")[0])
        self.assertEqual(self.ask("SELECT digit_label FROM home_drawndigit WHERE id = %s", (number,)), [(rows[5][1],)])

    def test_a_table_with_rows_of_the_web_collector_keeps_them_and_gets_the_drawings(self):
        self.ask(self.TABLE)
        own = "INSERT INTO home_drawndigit (digit_label, image_data, created_at, username) VALUES (4, %s, now(), 'Web') RETURNING id"
        old = [self.ask(own, (f"data:image/png;base64,{number}",))[0][0] for number in range(3)]
        spool, drawings = self.store(300)
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["web_collector"]), (0, "table"))
        new = self.ask(own, ("data:image/png;base64,9",))[0][0]
        web = {row[0]: row for row in self.ask("SELECT * FROM home_drawndigit")}
        self.assertEqual(len(web), 4 + sum(each.data_set for each in drawings))
        self.assertEqual([web[number][2][-1] for number in [*old, new]], ["0", "1", "2", "9"])
        self.forget(spool)
        self.sync(spool)
        shutil.copytree(spool, self.place / "copy")
        runs = [self.start(each) for each in (spool, self.place / "copy")]
        self.assertEqual([self.finish(run).status for run in runs], [0, 0])
        self.assertEqual(len(web), self.ask("SELECT count(*) FROM home_drawndigit")[0][0])
        self.ask("DELETE FROM home_drawndigit WHERE username = 'Web'")
        self.assert_whole(drawings)
        self.assertEqual(len(self.read()), sum(each.data_set for each in drawings))

    def test_a_table_that_is_made_later_is_filled_with_all_that_is_there(self):
        spool, drawings = self.store(120)
        self.sync(spool)
        self.ask("DROP VIEW home_drawndigit")
        told = self.sync(spool)
        self.assertEqual(told.report["web_collector"], None, "what the operator removed is not made again")
        self.ask(self.TABLE)
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["web_collector"]), (0, "table"))
        self.assert_whole(drawings)

    def test_a_table_whose_numbers_are_used_up_or_which_wants_more_is_left_alone_and_said(self):
        self.ask(self.TABLE)
        self.ask("INSERT INTO home_drawndigit VALUES (5, 1, 'data:image/png;base64,1', now(), 'Web')")
        spool, drawings = self.store(20)
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["uploaded"], told.report["web_collector"]), (0, 20, None))
        self.ask("SELECT setval(pg_get_serial_sequence('home_drawndigit', 'id'), 5)")
        self.ask("ALTER TABLE home_drawndigit ADD CHECK (digit_label < 5)")
        self.assertEqual(self.sync(spool).report["web_collector"], None)
        self.assertEqual(self.ask("SELECT count(*) FROM home_drawndigit"), [(1,)])
        self.ask("ALTER TABLE home_drawndigit DROP CONSTRAINT home_drawndigit_digit_label_check")
        self.assertEqual(self.sync(spool).report["web_collector"], "table")
        self.ask("DELETE FROM home_drawndigit WHERE username = 'Web'")
        self.assert_whole(drawings)

    def test_a_table_of_another_shape_is_left_alone_and_said(self):
        self.ask("CREATE TABLE home_drawndigit (id bigint, extra text NOT NULL)")
        spool, drawings = self.store(20)
        done = subprocess.run(
            self.words(spool, self.address)[:-1], capture_output=True, text=True, env=self.environment(), timeout=60
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("home_drawndigit is not served: the table has no column digit_label", done.stdout)
        self.assertEqual(self.ask("SELECT count(*) FROM home_drawndigit"), [(0,)])


class Withdrawn(Uploading):
    """A visitor takes drawings back: they go everywhere, and no store that still has them brings them back."""

    def withdraw(self, spool, identifier, kind: str) -> None:
        """As the panel does it: the drawings go, a tombstone stays."""
        with sqlite3.connect(spool / "panel.db") as store:
            store.execute("PRAGMA foreign_keys = ON")
            store.execute("INSERT INTO tombstones VALUES (?, ?, ?)", (identifier.bytes, kind, samples.BEGIN))
            which = "receipt = (SELECT id FROM receipts WHERE session = ?)" if kind == "session" else "uuid = ?"
            store.execute(f"DELETE FROM samples WHERE {which}", (identifier.bytes,))
            store.execute("DELETE FROM contributors WHERE samples = 0")
        store.close()

    def kept(self, spool) -> int:
        with sqlite3.connect(spool / "panel.db") as store:
            count = store.execute("SELECT count(*) FROM samples").fetchone()[0]
        store.close()
        return count

    def _withdrawals_go_there_and_come_here(self) -> None:
        spool, drawings = self.store(300)
        self.sync(spool)
        stale = shutil.copytree(spool, self.place / "stale")
        visit, one = drawings[125].session, drawings[7]
        self.withdraw(spool, visit, "session")
        self.withdraw(spool, one.identifier, "sample")
        left = [each for each in drawings if each.session != visit and each is not one]
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["removed_there"], told.report["uploaded"]), (0, 11, 0), told.complaint)
        self.assert_whole(left)
        gone = str(drawings[125].contributor)
        self.assertEqual(self.ask("SELECT count(*) FROM digit_panel.contributors WHERE pseudonym = %s", (gone,)), [(0,)])
        self.assertEqual(
            self.ask("SELECT uuid::text, kind FROM digit_panel.tombstones ORDER BY kind"),
            [(str(one.identifier), "sample"), (str(visit), "session")],
        )
        # Another store that still has them honours it, and does not bring them back though it remembers nothing.
        self.forget(stale)
        told = self.sync(stale)
        self.assertEqual((told.status, told.report["removed_here"], told.report["uploaded"]), (0, 11, 0), told.complaint)
        self.assertEqual(self.kept(stale), 289)
        self.assert_whole(left)
        more = samples.add(spool, samples.drawings(20, samples.identity(spool), seed=9, first=301))
        self.assertEqual(self.sync(spool).report["uploaded"], 20)
        self.assert_whole(left + more)

    def test_what_is_withdrawn_goes_there_and_comes_from_there(self):
        self._withdrawals_go_there_and_come_here()

    def test_what_is_withdrawn_leaves_the_web_collectors_table_too(self):
        self.ask(WebCollectorsTable.TABLE)
        self._withdrawals_go_there_and_come_here()

    def test_what_is_withdrawn_there_while_it_is_sent_does_not_come_back(self):
        spool, drawings = self.store(3000)
        self.sync(self.store(0, name="none")[0])
        other, _ = self.store(0, name="other")
        generator = random.Random(3)
        visits = generator.sample(sorted({each.session for each in drawings}), 60)
        runs = [self.start(spool)]
        for visit in visits:
            self.withdraw(other, visit, "session")
            if generator.random() < 0.2:
                self.assertEqual(self.sync(other).status, 0)
        told = [self.finish(run) for run in runs]
        self.assertEqual([each.status for each in told], [0])
        self.sync(other)
        self.sync(spool)
        self.assert_whole([each for each in drawings if each.session not in visits])

    def test_a_name_that_is_dropped_is_dropped_there_and_no_older_copy_brings_it_back(self):
        for table in (False, True):
            with self.subTest(table=table):
                self.ask("DROP SCHEMA IF EXISTS digit_panel CASCADE")
                if table:
                    self.ask(WebCollectorsTable.TABLE)
                name = f"names{table}"
                spool, drawings = self.store(100, name=name)
                stale = shutil.copytree(spool, self.place / f"stale{table}")
                self.sync(spool)
                named = "SELECT count(*) FROM digit_panel.contributors WHERE name IS NOT NULL"
                shown = "SELECT count(*) FROM home_drawndigit WHERE username <> 'Anonymous'"
                self.assertEqual((self.ask(named), self.ask(shown)), ([(8,)], [(70,)]))
                with sqlite3.connect(spool / "panel.db") as store:
                    store.execute("UPDATE contributors SET name = NULL, name_key = NULL")
                store.close()
                for each in (spool, stale):
                    self.assertEqual(self.sync(each).status, 0)
                    self.assertEqual((self.ask(named), self.ask(shown)), ([(0,)], [(0,)]))
                self.assert_whole(drawings)


class Secured(Uploading):
    """A server with a certificate by a throw-away authority, which wants passwords."""

    NAME = "db.panel.test"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        files = postgres.authority(cls.out, cls.NAME)
        cls.root = files["ca.crt"]
        for name in ("server.key", "server.crt"):
            target = cls.cluster.data / name
            shutil.copyfile(files[name], target)
            os.chmod(target, 0o600)
            postgres.give(target)
        cls.cluster.ask("postgres", "CREATE ROLE ada LOGIN PASSWORD 'hunter2 %' CREATEDB")
        access = cls.cluster.data / "pg_hba.conf"
        access.write_text("local all all trust\nhost all owner 127.0.0.1/32 trust\nhostssl all ada all scram-sha-256\n")
        cls.cluster.stop()
        cls.cluster._settings.update({"ssl": "on", "listen_addresses": "*"})
        cls.cluster.start()

    def setUp(self):
        super().setUp()
        self.ask(f"GRANT CREATE ON DATABASE {self.database} TO ada")
        self.ask("GRANT CREATE ON SCHEMA public TO ada")
        self.passwords = self.place / "passwords"
        self.passwords.write_text("*:*:*:ada:hunter2 %\n")
        self.passwords.chmod(0o600)

    def there(self, *, host: str | None = None, more: str = "") -> str:
        # 0.0.0.0 leads to this machine, and is none of the names that count as it.
        named = f"host={host} " if host else ""
        return f"{named}hostaddr=0.0.0.0 port={self.cluster.port} user=ada dbname={self.database} {more}"

    def test_a_server_that_shows_the_right_name_is_taken(self):
        spool, drawings = self.store(50)
        told = self.sync(
            spool, self.there(host=self.NAME, more=f"sslrootcert={self.root}"), PGPASSFILE=str(self.passwords))
        self.assertEqual((told.status, told.complaint), (0, ""))
        self.assert_whole(drawings)

    def test_a_wrong_name_and_an_unknown_authority_are_refused_without_being_asked(self):
        spool, _ = self.store(50)
        known = {"PGPASSFILE": str(self.passwords)}
        told = self.sync(spool, self.there(host="other.panel.test", more=f"sslrootcert={self.root}"), **known)
        self.assertEqual(told.status, 1)
        self.assertRegex(told.complaint, r'server certificate for "db.panel.test".* does not match host name "other.panel.test"')
        told = self.sync(spool, self.there(host=self.NAME), HOME=str(self.place), **known)
        self.assertEqual(told.status, 1)
        self.assertRegex(told.complaint, "certificate")
        self.assertIn("sslrootcert", told.complaint)
        told = self.sync(spool, self.there(host=self.NAME, more="sslrootcert=/nonexistent/root.crt"), **known)
        self.assertEqual(told.status, 1)
        self.assertIn("no certificate of the authority", told.complaint)
        self.assertFalse(self.tables())

    def test_what_the_address_says_of_tls_counts(self):
        spool, drawings = self.store(50)
        told = self.sync(spool, self.there(host="other.panel.test", more="sslmode=require"), PGPASSFILE=str(self.passwords))
        self.assertEqual((told.status, told.complaint), (0, ""))
        self.assert_whole(drawings)

    def test_no_password_and_a_wrong_one_are_said_with_the_next_step_and_never_shown(self):
        spool, _ = self.store(50)
        local = self.cluster.address(self.database, user="ada") + "?sslmode=require"
        told = self.sync(spool, local, PGPASSFILE=str(self.place / "none"))
        self.assertEqual(told.status, 1)
        self.assertIn("it asks for a password and none is given", told.complaint)
        wrong = local.replace("ada@", "ada:open%20sesame@")
        told = self.sync(spool, wrong)
        self.assertEqual(told.status, 1)
        self.assertIn("password authentication failed", told.complaint)
        self.assertIn(".pgpass", told.complaint)
        for secret in ("sesame", "open"):
            self.assertNotIn(secret, told.complaint + str(told.report).replace("cannot open", ""))

    def test_a_password_in_the_address_works_is_warned_of_and_covered_in_the_list_of_processes(self):
        spool, drawings = self.store(50)
        silent = postgres.Line(self.cluster.port, silent=True)
        self.addCleanup(silent.close)
        run = self.start(spool, f"postgresql://ada:hunter2%20%25@127.0.0.1:{silent.port}/{self.database}")
        deadline = time.monotonic() + 5
        while "xxxx" not in (shown := open(f"/proc/{run.pid}/cmdline").read()) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertIn("xxxx", shown)
        self.assertNotIn("hunter2", shown)
        run.send_signal(signal.SIGINT)
        self.assertIn("interrupted", self.finish(run).complaint)
        address = self.cluster.address(self.database, user="ada:hunter2%20%25") + "?sslmode=require"
        told = self.sync(spool, address)
        self.assertEqual(told.status, 0, told.complaint)
        self.assertIn("the password stands in the command line", told.complaint)
        self.assertNotIn("hunter2", told.complaint + str(told.report))
        self.assert_whole(drawings)


class Refusals(Uploading):
    """What a server says no with is one sentence with the next step, and exit status 1."""

    def refused(self, spool, address, *parts: str) -> None:
        told = self.sync(spool, address)
        self.assertEqual(told.status, 1)
        self.assertEqual(told.complaint.count("\n"), 1, told.complaint)
        for part in parts:
            self.assertIn(part, told.complaint)
        self.assertEqual(told.report["error"], told.complaint.removeprefix("panelctl: ").strip())

    def test_nobody_answers(self):
        spool, _ = self.store(20)
        self.refused(spool, f"postgresql://owner@127.0.0.1:{postgres.free_port()}/d", "Connection refused", "check host and port")
        self.refused(spool, f"postgresql://owner@/d?host={self.place}", "No such file", "check host and port")

    def test_a_host_that_says_nothing_is_given_up(self):
        spool, _ = self.store(20)
        silent = postgres.Line(self.cluster.port, silent=True)
        self.addCleanup(silent.close)
        began = time.monotonic()
        self.refused(spool, self.cluster.address("d", port=silent.port) + "?connect_timeout=2", "no answer within 2 s")
        self.assertLess(time.monotonic() - began, 8)

    def test_no_such_database_and_no_such_user(self):
        spool, _ = self.store(20)
        self.refused(spool, self.cluster.address("nowhere"), 'database "nowhere" does not exist', "createdb")
        self.refused(spool, self.cluster.address(self.database, user="nobody2"), 'role "nobody2" does not exist')

    def test_no_right_to_make_the_tables_and_a_schema_made_by_the_owner(self):
        spool, drawings = self.store(20)
        self.cluster.ask("postgres", "DROP ROLE IF EXISTS plain")
        self.cluster.ask("postgres", "CREATE ROLE plain LOGIN")
        address = self.cluster.address(self.database, user="plain")
        self.refused(spool, address, "permission denied", "CREATE SCHEMA digit_panel AUTHORIZATION")
        self.ask("CREATE SCHEMA digit_panel AUTHORIZATION plain")
        told = self.sync(spool, address)
        self.assertEqual((told.status, told.report["uploaded"], told.report["web_collector"]), (0, 20, None), told.complaint)
        self.ask("GRANT CREATE ON SCHEMA public TO plain")
        self.assertEqual(self.sync(spool, address).report["web_collector"], "view")
        self.assert_whole(drawings)

    def test_a_server_that_may_only_be_read(self):
        spool, _ = self.store(20)
        self.ask(f"ALTER DATABASE {self.database} SET default_transaction_read_only = on")
        self.refused(spool, self.address, "read-only", "primary")

    def test_letters_that_the_database_does_not_have(self):
        spool, _ = self.store(20)
        address = self.cluster.create(self.database + "_l", "ENCODING 'LATIN1' TEMPLATE template0")
        self.refused(spool, address, "LATIN1", "ENCODING 'UTF8'")

    def test_tables_of_a_later_software_are_left_alone(self):
        spool, _ = self.store(20)
        self.sync(self.store(0, name="none")[0])
        self.ask("UPDATE digit_panel.settings SET value = '99' WHERE key = 'version'")
        self.refused(spool, self.address, "a later software made its tables (version 99", "update this software")
        self.assertEqual(self.ask("SELECT count(*) FROM digit_panel.samples"), [(0,)])

    def test_a_statement_that_takes_longer_than_the_server_allows(self):
        spool, _ = self.store(20)
        self.sync(self.store(0, name="none")[0])
        self.ask(f"ALTER DATABASE {self.database} SET statement_timeout = 300")
        with self.cluster.connect(self.database) as holder, holder.cursor() as cursor:
            cursor.execute("LOCK TABLE digit_panel.samples IN EXCLUSIVE MODE")
            self.refused(spool, self.address, "statement timeout", "statement_timeout")
        holder.close()

    def test_a_transaction_that_is_given_up_for_another_is_repeated(self):
        spool, drawings = self.store(200)
        self.sync(self.store(0, name="none")[0])
        # The server says what it would say in a race, for the first three batches that come.
        self.ask("CREATE SEQUENCE digit_panel.tries")
        self.ask(
            """CREATE FUNCTION digit_panel.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF nextval('digit_panel.tries') <= 3 THEN
                RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001';
              END IF; RETURN NULL; END $$"""
        )
        self.ask(
            "CREATE TRIGGER fail AFTER INSERT ON digit_panel.batches FOR EACH STATEMENT EXECUTE FUNCTION digit_panel.fail()")
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["uploaded"]), (0, 200), told.complaint)
        self.assertGreater(self.ask("SELECT last_value FROM digit_panel.tries")[0][0], 3)
        self.assert_whole(drawings)

    def test_the_server_s_disk_is_full_and_then_has_room(self):
        place = self.cluster.place / "small"
        place.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=14m", "tmpfs", str(place)], capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest(f"a small disk cannot be made here: {mounted.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", str(place)], check=False)
        space = place / "space"
        space.mkdir()
        postgres.give(space)
        self.cluster.ask("postgres", f"CREATE TABLESPACE small LOCATION '{space}'")
        address = self.cluster.create("small", "TABLESPACE small")
        self.database = "small"
        spool, drawings = self.store(8000)
        told = self.sync(spool, address)
        self.assertEqual(told.status, 1)
        self.assertIn("No space left on device", told.complaint)
        self.assertIn("make room on the server's disk", told.complaint)
        subprocess.run(["mount", "-o", "remount,size=200m", str(place)], check=True)
        told = self.sync(spool, address)
        self.assertEqual(told.status, 0, told.complaint)
        self.assert_whole(drawings)


if __name__ == "__main__":
    unittest.main()
