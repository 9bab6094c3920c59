BEGIN TRANSACTION;
CREATE TABLE alarms (
	code TEXT NOT NULL, 
	since_at INTEGER NOT NULL, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_alarms PRIMARY KEY (code)
);
INSERT INTO "alarms" VALUES('paper',6,'out');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
CREATE TABLE app_keys (
	kid TEXT NOT NULL, 
	public_key TEXT, 
	alg INTEGER, 
	valid_from INTEGER, 
	valid_until INTEGER, 
	revoked_at INTEGER, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_app_keys PRIMARY KEY (kid)
);
INSERT INTO "app_keys" VALUES('00ff','QQ==',-19,1,2,NULL,0);
CREATE TABLE business_days (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	date TEXT NOT NULL, 
	opened_by TEXT NOT NULL, 
	serial INTEGER, 
	counter_base INTEGER DEFAULT '0' NOT NULL
);
INSERT INTO "business_days" VALUES(1,'2026-11-25','clock',NULL,0);
CREATE TABLE calls_heard (
	day_id INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	counter INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_calls_heard PRIMARY KEY (day_id, number)
);
INSERT INTO "calls_heard" VALUES(1,'B2001',3,'2026-11-25T09:10:00Z');
CREATE TABLE catalogue (
	code TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	entry TEXT NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_catalogue PRIMARY KEY (code)
);
INSERT INTO "catalogue" VALUES('clearance',1,'{}',0);
CREATE TABLE central_keys (
	kid TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	public_key TEXT NOT NULL, 
	current INTEGER DEFAULT '1' NOT NULL, 
	added INTEGER DEFAULT '0' NOT NULL, 
	retired INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_central_keys PRIMARY KEY (kid, purpose)
);
INSERT INTO "central_keys" VALUES('2f6bb541','sealing','pWMrwMgEGQzNdFq9BDg+u4znrLyWuixgY0ZaTp6RG2M=',1,0,0);
CREATE TABLE centre_records (
	kind TEXT NOT NULL, 
	body TEXT NOT NULL, 
	message_id INTEGER NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_centre_records PRIMARY KEY (kind)
);
INSERT INTO "centre_records" VALUES('hubs','{}',8,0);
CREATE TABLE chain_gaps (
	epoch TEXT NOT NULL, 
	first_seq INTEGER NOT NULL, 
	last_seq INTEGER NOT NULL, 
	first_prev_hash TEXT NOT NULL, 
	last_hash TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_chain_gaps PRIMARY KEY (epoch, first_seq)
);
INSERT INTO "chain_gaps" VALUES('former',1,9,'0','1','pruned');
CREATE TABLE counters (
	day_id INTEGER NOT NULL, 
	prefix TEXT NOT NULL, 
	n INTEGER NOT NULL, 
	CONSTRAINT pk_counters PRIMARY KEY (day_id, prefix)
);
INSERT INTO "counters" VALUES(1,'B',3);
INSERT INTO "counters" VALUES(1,'C',2);
CREATE TABLE delivery (
	one INTEGER NOT NULL, 
	last_success_at INTEGER, 
	last_error TEXT, 
	last_error_at INTEGER, 
	next_attempt_at INTEGER, 
	try_now INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_delivery PRIMARY KEY (one)
);
INSERT INTO "delivery" VALUES(1,NULL,NULL,NULL,NULL,0);
CREATE TABLE epochs (
	epoch TEXT NOT NULL, 
	kiosk TEXT NOT NULL, 
	digit INTEGER NOT NULL, 
	former TEXT, 
	CONSTRAINT pk_epochs PRIMARY KEY (epoch)
);
INSERT INTO "epochs" VALUES('a0c182c1-6a1b-4f37-81e3-8e8567d3d2f6','kiosk-0001',2,NULL);
CREATE TABLE feed (
	one INTEGER NOT NULL, 
	cursor TEXT, 
	business_day_serial INTEGER DEFAULT '0' NOT NULL, 
	epoch TEXT, 
	through INTEGER, 
	generation INTEGER DEFAULT '0' NOT NULL, 
	part INTEGER, 
	CONSTRAINT pk_feed PRIMARY KEY (one)
);
INSERT INTO "feed" VALUES(1,'e.77.m',5,NULL,77,0,NULL);
CREATE TABLE feed_set_aside (
	id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	body TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	received_at INTEGER NOT NULL, 
	CONSTRAINT pk_feed_set_aside PRIMARY KEY (id)
);
INSERT INTO "feed_set_aside" VALUES(4,'odd','{}','unknown kind',5);
CREATE TABLE inquiries (
	id TEXT NOT NULL, 
	kiosk TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	body TEXT NOT NULL, 
	reply_key TEXT NOT NULL, 
	boot_id TEXT NOT NULL, 
	dies_ns INTEGER NOT NULL, 
	asked_at INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	revision INTEGER DEFAULT '0' NOT NULL, 
	answer TEXT, 
	CONSTRAINT pk_inquiries PRIMARY KEY (id)
);
INSERT INTO "inquiries" VALUES('i1','k','seats','{}','QQ==','b',8,9,'over',0,NULL);
CREATE TABLE items (
	"row" INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	epoch TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	wall_time TEXT NOT NULL, 
	boot_time_ns INTEGER NOT NULL, 
	boot_id TEXT NOT NULL, 
	clock TEXT NOT NULL, 
	body TEXT NOT NULL, 
	prev_hash TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	state TEXT DEFAULT 'waiting' NOT NULL, 
	reason TEXT, 
	ended_at INTEGER, 
	CONSTRAINT pk_items PRIMARY KEY ("row"), 
	CONSTRAINT uq_items_epoch_seq UNIQUE (epoch, seq), 
	CONSTRAINT uq_items_id UNIQUE (id)
);
INSERT INTO "items" VALUES(1,'1f996732-1984-4cee-9af6-50d2ae8147d3','a0c182c1-6a1b-4f37-81e3-8e8567d3d2f6',1,'audit','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6InN0b3JlLW9wZW5lZCIsImRldGFpbCI6eyJ3aHkiOiJuZXctc3RvcmUiLCJmb3JtZXJfZXBvY2giOm51bGwsImZvcm1lcl9sYXN0X3NlcSI6bnVsbCwiZm9ybWVyX2xhc3RfaGFzaCI6bnVsbH19','0000000000000000000000000000000000000000000000000000000000000000','ff10fe83abd4930247462e0bd45c195383a2549a39bc8602bd4d794a1dbd4521','acknowledged',NULL,1795597200);
INSERT INTO "items" VALUES(2,'73cef749-3b6e-4fbe-a456-ae716b535d5d','a0c182c1-6a1b-4f37-81e3-8e8567d3d2f6',2,'audit','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ1c2luZXNzLWRheS1vcGVuZWQiLCJkZXRhaWwiOnsiZGF0ZSI6IjIwMjYtMTEtMjUiLCJieSI6ImNsb2NrIiwiZGF5IjoxfX0=','ff10fe83abd4930247462e0bd45c195383a2549a39bc8602bd4d794a1dbd4521','1c35cfded7b3ae2acaf4e9a0aa2e7de7041fb7b457a28b83b83457efdddde8e6','waiting',NULL,NULL);
INSERT INTO "items" VALUES(3,'5ebe2652-a257-4a7b-9211-c5c677d46b35','a0c182c1-6a1b-4f37-81e3-8e8567d3d2f6',3,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJCMjAwMSIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1IiwidG9rZW4iOiJjNzRmN2UyY2RkYzZmY2U2ODhkZWNjOTgzNjRkZGNmMSJ9','1c35cfded7b3ae2acaf4e9a0aa2e7de7041fb7b457a28b83b83457efdddde8e6','1d485a6ec216750ed6a5195649d878461a915f1d4e0579c5db79251f99b2962f','waiting',NULL,NULL);
INSERT INTO "items" VALUES(4,'6849e051-96fd-4415-8a15-e49384eea514','a0c182c1-6a1b-4f37-81e3-8e8567d3d2f6',4,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJDMjAwMSIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1IiwidG9rZW4iOiI4ZTQ0NjZiYzVmYmY5NWZhNDAwMjEzZWQzZGYzNmJhZSJ9','1d485a6ec216750ed6a5195649d878461a915f1d4e0579c5db79251f99b2962f','a8dcbc1f5ea5b71c169c746097f5bdd03df9e2e974fe61a5d43257ffd0148343','waiting',NULL,NULL);
INSERT INTO "items" VALUES(5,'6a724725-9a46-446c-9e81-56ba79ff2a57','a0c182c1-6a1b-4f37-81e3-8e8567d3d2f6',5,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJCMjAwMiIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1IiwidG9rZW4iOiJkMDUxZThmNzYxNjVhMTczNTk2NGY4NmZiMTgxODBkNyJ9','a8dcbc1f5ea5b71c169c746097f5bdd03df9e2e974fe61a5d43257ffd0148343','0710897d9dd81b17436c1f7be048e301893f924753e5f7fba8fa32becd280f21','waiting',NULL,NULL);
INSERT INTO "items" VALUES(6,'c5506cfe-a99f-45b9-ac70-1c59ec929d77','a0c182c1-6a1b-4f37-81e3-8e8567d3d2f6',6,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJDMjAwMiIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1IiwidG9rZW4iOiI2MDcyNjk2YWJmOTUwZWRlN2I4NTBhZmVhYTczODFkNyJ9','0710897d9dd81b17436c1f7be048e301893f924753e5f7fba8fa32becd280f21','1b579f7587f8b9f32a1719a8a6498c912cf10299b4a9ecc14d26f299968cd5fe','waiting',NULL,NULL);
INSERT INTO "items" VALUES(7,'a028b686-360e-474c-af9b-3f636b1de47a','a0c182c1-6a1b-4f37-81e3-8e8567d3d2f6',7,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJCMjAwMyIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1IiwidG9rZW4iOiI5NWM5NWY0NGViYTE1OTYxZTEwOGYyNzkxMTFlNzkwZiJ9','1b579f7587f8b9f32a1719a8a6498c912cf10299b4a9ecc14d26f299968cd5fe','303047dc561e1e4fdcd1f8d191a5633d54e151d9234cb564aa0b4b54de5bc2c3','waiting',NULL,NULL);
INSERT INTO "items" VALUES(8,'762c4ecd-3911-4339-a7dc-821d082887a6','a0c182c1-6a1b-4f37-81e3-8e8567d3d2f6',8,'order','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJvdXRjb21lIjoiYWNjZXB0ZWQiLCJvcmRlcl9pZCI6ImFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiIiwiY29kZV9zaGEyNTYiOiI4MTk3YjM0MjQzNjNlNzZmMzMzNjI1NmVhMGQxODcyMTA2YTg4Y2RlMjJiOGY5N2ExYmRiNGRlZDI2MzQ5NzdkIiwic2VhbGVkIjp7ImtpZCI6IjJmNmJiNTQxIiwiZGF0YSI6IlVyL3lMSjJhTU1STGxwV3dnUWhTMHEvZ3hndG1xMjRSYXZ3N2RkbWU2eVIzalpQWmNBZzlQd203YllOMndHYldVVXJwRUNNc21VZi90RHhMWlZPS1ZBPT0ifX0=','303047dc561e1e4fdcd1f8d191a5633d54e151d9234cb564aa0b4b54de5bc2c3','7dfa900cb5943a767db073594de498afb82297860a57a675e60a298093c63722','waiting',NULL,NULL);
INSERT INTO "items" VALUES(9,'e8d011d4-6719-4b96-8fe5-90f9a4d34567','a0c182c1-6a1b-4f37-81e3-8e8567d3d2f6',9,'print','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJpdGVtIjoiYTAyOGI2ODYtMzYwZS00NzRjLWFmOWItM2Y2MzZiMWRlNDdhIiwicGFwZXIiOiJ0aWNrZXQiLCJzdGF0ZSI6InByaW50ZWQifQ==','7dfa900cb5943a767db073594de498afb82297860a57a675e60a298093c63722','81c6e70dc1530b2e419593c4062814aaeaa386679b15b84caaee73b0a7cf3817','waiting',NULL,NULL);
CREATE TABLE listeners (
	name TEXT NOT NULL, 
	peer TEXT NOT NULL, 
	term INTEGER NOT NULL, 
	heard_through INTEGER NOT NULL, 
	statement TEXT, 
	CONSTRAINT pk_listeners PRIMARY KEY (name)
);
INSERT INTO "listeners" VALUES('hub','hub-1',1,2,NULL);
CREATE TABLE order_questions (
	"row" INTEGER NOT NULL, 
	order_id TEXT NOT NULL, 
	day_id INTEGER NOT NULL, 
	asked INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_order_questions PRIMARY KEY ("row"), 
	CONSTRAINT uq_order_questions_order_id UNIQUE (order_id)
);
INSERT INTO "order_questions" VALUES(1,'efefefefefefefefefefefefefefefef',1,0);
CREATE TABLE order_states (
	order_id TEXT NOT NULL, 
	number TEXT, 
	state TEXT NOT NULL, 
	at TEXT, 
	centre TEXT, 
	service TEXT, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_order_states PRIMARY KEY (order_id)
);
INSERT INTO "order_states" VALUES('cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd','1234567890','ready',NULL,NULL,NULL,0);
CREATE TABLE orders (
	id TEXT NOT NULL, 
	intention TEXT NOT NULL, 
	order_id TEXT, 
	code_sha256 TEXT NOT NULL, 
	service TEXT, 
	outcome TEXT NOT NULL, 
	order_number TEXT, 
	expires_at INTEGER, 
	recorded_us INTEGER NOT NULL, 
	boot_id TEXT NOT NULL, 
	boot_time_ns INTEGER NOT NULL, 
	CONSTRAINT pk_orders PRIMARY KEY (id), 
	CONSTRAINT uq_orders_intention UNIQUE (intention), 
	CONSTRAINT uq_orders_order_id UNIQUE (order_id)
);
INSERT INTO "orders" VALUES('762c4ecd-3911-4339-a7dc-821d082887a6','scan','abababababababababababababababab','8197b3424363e76f3336256ea0d1872106a88cde22b8f97a1bdb4ded2634977d',NULL,'accepted',NULL,NULL,1795597200000000,'3f2c9d1e-0000-4000-8000-000000000001',100000000000);
CREATE TABLE payments (
	payment TEXT NOT NULL, 
	inquiry TEXT NOT NULL, 
	bill_no TEXT NOT NULL, 
	biller TEXT NOT NULL, 
	payer TEXT NOT NULL, 
	amount INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	pound TEXT NOT NULL, 
	dies_at TEXT NOT NULL, 
	opened_at INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	told TEXT, 
	CONSTRAINT pk_payments PRIMARY KEY (payment)
);
INSERT INTO "payments" VALUES('p1','i1','HM2-1','homs-water','shamcash',100,'SYP','new','2026-11-25T09:10:00Z',9,'opened',NULL);
CREATE TABLE pin_attempts (
	name TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	boot_id TEXT NOT NULL, 
	boot_time_ns INTEGER NOT NULL, 
	waited_s INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_pin_attempts PRIMARY KEY (name)
);
INSERT INTO "pin_attempts" VALUES('t1',2,'b',7,0);
CREATE TABLE print_jobs (
	id INTEGER NOT NULL, 
	item_id TEXT NOT NULL, 
	paper TEXT NOT NULL, 
	copy INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT, 
	millimetres INTEGER, 
	started_at INTEGER NOT NULL, 
	ended_at INTEGER, 
	CONSTRAINT pk_print_jobs PRIMARY KEY (id)
);
INSERT INTO "print_jobs" VALUES(1,'a028b686-360e-474c-af9b-3f636b1de47a','ticket',0,'printed',NULL,90,1795597200,1795597200);
CREATE TABLE settings (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_settings PRIMARY KEY ("key")
);
INSERT INTO "settings" VALUES('volume','3',0);
CREATE TABLE store (
	one INTEGER NOT NULL, 
	epoch TEXT NOT NULL, 
	kiosk TEXT NOT NULL, 
	centre TEXT NOT NULL, 
	digit INTEGER NOT NULL, 
	machine TEXT, 
	head_seq INTEGER NOT NULL, 
	head_hash TEXT NOT NULL, 
	floor_us INTEGER, 
	anchor_us INTEGER, 
	anchor_boot_id TEXT, 
	anchor_boot_time_ns INTEGER, 
	tickets_closed TEXT, 
	next_day_base INTEGER DEFAULT '0' NOT NULL, 
	first_pin_ended INTEGER DEFAULT '0' NOT NULL, 
	signed_us INTEGER, 
	CONSTRAINT pk_store PRIMARY KEY (one)
);
INSERT INTO "store" VALUES(1,'a0c182c1-6a1b-4f37-81e3-8e8567d3d2f6','kiosk-0001','homs-main',2,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',9,'81c6e70dc1530b2e419593c4062814aaeaa386679b15b84caaee73b0a7cf3817',1795597200000000,NULL,NULL,NULL,NULL,0,0,NULL);
CREATE TABLE tallies (
	name TEXT NOT NULL, 
	total INTEGER NOT NULL, 
	trip INTEGER NOT NULL, 
	CONSTRAINT pk_tallies PRIMARY KEY (name)
);
INSERT INTO "tallies" VALUES('papers',1,1);
INSERT INTO "tallies" VALUES('paper_mm',90,90);
CREATE TABLE technicians (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	centre TEXT NOT NULL, 
	role TEXT NOT NULL, 
	pin_hash TEXT NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_technicians PRIMARY KEY (id)
);
INSERT INTO "technicians" VALUES('t1','Rana','homs-main','manager','h',0);
CREATE TABLE ticket_changes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	ticket_row INTEGER NOT NULL
);
INSERT INTO "ticket_changes" VALUES(1,3);
INSERT INTO "ticket_changes" VALUES(2,4);
INSERT INTO "ticket_changes" VALUES(3,5);
INSERT INTO "ticket_changes" VALUES(4,6);
INSERT INTO "ticket_changes" VALUES(5,7);
INSERT INTO "ticket_changes" VALUES(6,7);
CREATE TABLE tickets (
	"row" INTEGER NOT NULL, 
	intention TEXT NOT NULL, 
	day_id INTEGER NOT NULL, 
	prefix TEXT NOT NULL, 
	digit INTEGER NOT NULL, 
	n INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	service TEXT NOT NULL, 
	priority TEXT NOT NULL, 
	order_id TEXT, 
	voided TEXT, 
	CONSTRAINT pk_tickets PRIMARY KEY ("row"), 
	CONSTRAINT uq_tickets_day_id_prefix_digit_n UNIQUE (day_id, prefix, digit, n), 
	CONSTRAINT uq_tickets_intention UNIQUE (intention)
);
INSERT INTO "tickets" VALUES(3,'i0',1,'B',2,1,'B2001','clearance','none',NULL,NULL);
INSERT INTO "tickets" VALUES(4,'i1',1,'C',2,1,'C2001','clearance','none',NULL,NULL);
INSERT INTO "tickets" VALUES(5,'i2',1,'B',2,2,'B2002','clearance','none',NULL,NULL);
INSERT INTO "tickets" VALUES(6,'i3',1,'C',2,2,'C2002','clearance','none',NULL,NULL);
INSERT INTO "tickets" VALUES(7,'i4',1,'B',2,3,'B2003','clearance','none',NULL,NULL);
CREATE INDEX ix_items_dead ON items ("row") WHERE state = 'dead';
CREATE INDEX ix_items_waiting ON items ("row") WHERE state = 'waiting';
CREATE INDEX ix_tickets_order ON tickets (day_id, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX ix_orders_code_sha256 ON orders (code_sha256);
CREATE UNIQUE INDEX uq_orders_unverified ON orders (code_sha256) WHERE order_id IS NULL;
CREATE INDEX ix_print_jobs_item_id ON print_jobs (item_id);
CREATE INDEX ix_print_jobs_sending ON print_jobs (id) WHERE state = 'sending';
CREATE TRIGGER ticket_issued AFTER INSERT ON tickets BEGIN
        INSERT INTO ticket_changes (ticket_row) VALUES (NEW.row);
    END;
CREATE TRIGGER ticket_voided AFTER UPDATE OF voided ON tickets BEGIN
        INSERT INTO ticket_changes (ticket_row) VALUES (NEW.row);
    END;
CREATE TRIGGER ticket_printed AFTER UPDATE OF state ON print_jobs WHEN NEW.state <> 'sending' BEGIN
        INSERT INTO ticket_changes (ticket_row)
        SELECT items.row FROM items JOIN tickets ON tickets.row = items.row WHERE items.id = NEW.item_id;
    END;
CREATE INDEX ix_order_states_number ON order_states (number);
CREATE INDEX ix_inquiries_open ON inquiries (state) WHERE state IN ('asked', 'answered', 'failed', 'undo');
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('business_days',1);
INSERT INTO "sqlite_sequence" VALUES('ticket_changes',6);
COMMIT;
