"""Certificates and passwords of a real PostgreSQL."""

import os
import shutil
import signal
import time
import unittest

import postgres
from uploading import Uploading


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


if __name__ == "__main__":
    unittest.main()
