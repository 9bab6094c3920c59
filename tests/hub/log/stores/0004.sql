BEGIN TRANSACTION;
CREATE TABLE alarms (
	code TEXT NOT NULL, 
	since_at INTEGER NOT NULL, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_alarms PRIMARY KEY (code)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
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
CREATE TABLE catalogue (
	code TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	entry TEXT NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_catalogue PRIMARY KEY (code)
);
CREATE TABLE central_keys (
	kid TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	public_key TEXT NOT NULL, 
	current INTEGER DEFAULT '1' NOT NULL, 
	added INTEGER DEFAULT '0' NOT NULL, 
	retired INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_central_keys PRIMARY KEY (kid, purpose)
);
CREATE TABLE centre_records (
	kind TEXT NOT NULL, 
	body TEXT NOT NULL, 
	message_id INTEGER NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_centre_records PRIMARY KEY (kind)
);
INSERT INTO "centre_records" VALUES('counters','{"centre":"homs-main","counters":[{"number":1,"names":{"ar":"1","en":"1"},"groups":["A","B"]},{"number":2,"names":{"ar":"2","en":"2"},"groups":["A"]}],"rules":{"priority_weight":2,"help_after_s":1800,"carry_after_min":60,"carry_most":0.25}}',1,0);
INSERT INTO "centre_records" VALUES('kiosks','{"centre":"homs-main","kiosks":[{"id":"kiosk-1","digit":1,"public_key":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=","revoked":false},{"id":"kiosk-2","digit":2,"public_key":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=","revoked":false},{"id":"kiosk-3","digit":3,"public_key":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=","revoked":false}]}',1,0);
INSERT INTO "centre_records" VALUES('hubs','{"centre":"homs-main","hubs":[{"id":"hub-0001","address":"http://127.0.0.1:8090","public_key":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=","certificate_sha256":null,"revoked":false}]}',1,0);
CREATE TABLE chain_gaps (
	epoch TEXT NOT NULL, 
	first_seq INTEGER NOT NULL, 
	last_seq INTEGER NOT NULL, 
	first_prev_hash TEXT NOT NULL, 
	last_hash TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_chain_gaps PRIMARY KEY (epoch, first_seq)
);
CREATE TABLE counters (
	day_id INTEGER NOT NULL, 
	prefix TEXT NOT NULL, 
	n INTEGER NOT NULL, 
	CONSTRAINT pk_counters PRIMARY KEY (day_id, prefix)
);
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
INSERT INTO "epochs" VALUES('6cd47a75-59ee-43a9-af24-d7b93b5b3d8f','hub-0001',0,NULL);
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
INSERT INTO "feed" VALUES(1,NULL,0,NULL,NULL,0,NULL);
CREATE TABLE feed_set_aside (
	id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	body TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	received_at INTEGER NOT NULL, 
	CONSTRAINT pk_feed_set_aside PRIMARY KEY (id)
);
CREATE TABLE hub_alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT hub_alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "hub_alembic_version" VALUES('0004');
CREATE TABLE hub_by_hand (
	seq INTEGER NOT NULL, 
	day INTEGER NOT NULL, 
	ranges TEXT NOT NULL, 
	CONSTRAINT pk_hub_by_hand PRIMARY KEY (seq, day)
);
INSERT INTO "hub_by_hand" VALUES(9,1,'[{"to":"A3001","first":null,"but":[]}]');
CREATE TABLE hub_counters (
	number INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	ticket TEXT, 
	clerk TEXT, 
	reason TEXT, 
	acted_line INTEGER, 
	acted_work INTEGER, 
	last_press TEXT, 
	last_seq INTEGER, 
	must_resume INTEGER NOT NULL, called_carried INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_hub_counters PRIMARY KEY (number)
);
INSERT INTO "hub_counters" VALUES(1,'called',6,'1d75ff47-3bd7-4b3b-8b65-e859a9cd9ec2','clerk-1',NULL,0,0,'0af78351-9bfe-4f56-a751-73d9b6a2059d',11,0,0);
CREATE TABLE hub_day_labels (
	label TEXT NOT NULL, 
	day INTEGER NOT NULL, 
	CONSTRAINT pk_hub_day_labels PRIMARY KEY (label)
);
INSERT INTO "hub_day_labels" VALUES('2026-11-25',1);
CREATE TABLE hub_days (
	day INTEGER NOT NULL, 
	label TEXT NOT NULL, 
	is_closed INTEGER NOT NULL, early_line INTEGER, 
	CONSTRAINT pk_hub_days PRIMARY KEY (day)
);
INSERT INTO "hub_days" VALUES(1,'2026-11-25',0,NULL);
CREATE TABLE hub_events (
	seq INTEGER NOT NULL, 
	term INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	kiosk TEXT, 
	ticket TEXT, 
	number TEXT, 
	counter INTEGER, 
	clerk TEXT, 
	press TEXT, 
	day INTEGER NOT NULL, 
	line_us INTEGER NOT NULL, 
	work_us INTEGER NOT NULL, 
	wall_time TEXT NOT NULL, 
	boot_time_ns INTEGER NOT NULL, 
	boot_id TEXT NOT NULL, 
	clock TEXT NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_hub_events PRIMARY KEY (seq)
);
INSERT INTO "hub_events" VALUES(1,1,'day-opened',NULL,NULL,NULL,NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"detail":{"label":"2026-11-25"}}');
INSERT INTO "hub_events" VALUES(2,1,'arrived','kiosk-1','3beeaa2a-709b-4bee-9861-7aebe7125303','A1001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"3beeaa2a-709b-4bee-9861-7aebe7125303","kiosk":"kiosk-1","epoch":"3e2e23ba-87ee-475c-8b1a-9273539b4491","kiosk_seq":1,"revision":0,"digest":"9001d50854bf67bfc1101e854976f22e833bd37b27ce03100d7e34fdee9ee75e","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(3,1,'arrived','kiosk-2','1d75ff47-3bd7-4b3b-8b65-e859a9cd9ec2','A2001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"1d75ff47-3bd7-4b3b-8b65-e859a9cd9ec2","kiosk":"kiosk-2","epoch":"9818a151-a9ff-4a96-9e71-d5a59dd23875","kiosk_seq":1,"revision":0,"digest":"6cd9edaaf143ac8fdc84f2ede51dc19ffd0292ab6e5a01c61a9d702e4a93b0cf","number":"A2001","service":"civil-affairs","priority":"infant","order_id":"abababababababababababababababab","day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(4,1,'counter-opened',NULL,NULL,NULL,1,'clerk-1','9c975925-022f-468a-8f16-1a2b183a3fb9',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"counter":{"number":1,"state":"open","version":1,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"9c975925-022f-468a-8f16-1a2b183a3fb9","last_seq":4}}');
INSERT INTO "hub_events" VALUES(5,1,'called','kiosk-1','3beeaa2a-709b-4bee-9861-7aebe7125303','A1001',1,'clerk-1','85f3c218-b286-41ad-9b79-6e0f8a778ae9',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"3beeaa2a-709b-4bee-9861-7aebe7125303","kiosk":"kiosk-1","epoch":"3e2e23ba-87ee-475c-8b1a-9273539b4491","kiosk_seq":1,"revision":0,"digest":"9001d50854bf67bfc1101e854976f22e833bd37b27ce03100d7e34fdee9ee75e","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"called","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":5,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0},"counter":{"number":1,"state":"called","version":2,"ticket":"3beeaa2a-709b-4bee-9861-7aebe7125303","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"85f3c218-b286-41ad-9b79-6e0f8a778ae9","last_seq":5}}');
INSERT INTO "hub_events" VALUES(6,1,'came','kiosk-1','3beeaa2a-709b-4bee-9861-7aebe7125303','A1001',1,'clerk-1','355099ea-e348-49d9-8ac5-81f49b420f5d',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"3beeaa2a-709b-4bee-9861-7aebe7125303","kiosk":"kiosk-1","epoch":"3e2e23ba-87ee-475c-8b1a-9273539b4491","kiosk_seq":1,"revision":0,"digest":"9001d50854bf67bfc1101e854976f22e833bd37b27ce03100d7e34fdee9ee75e","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"serving","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":5,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0,"came_line":0,"came_work":0},"counter":{"number":1,"state":"serving","version":3,"ticket":"3beeaa2a-709b-4bee-9861-7aebe7125303","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"355099ea-e348-49d9-8ac5-81f49b420f5d","last_seq":6}}');
INSERT INTO "hub_events" VALUES(7,1,'done','kiosk-1','3beeaa2a-709b-4bee-9861-7aebe7125303','A1001',1,'clerk-1','2d2e101c-7be3-4844-9247-5be4fd085b08',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"3beeaa2a-709b-4bee-9861-7aebe7125303","kiosk":"kiosk-1","epoch":"3e2e23ba-87ee-475c-8b1a-9273539b4491","kiosk_seq":1,"revision":0,"digest":"9001d50854bf67bfc1101e854976f22e833bd37b27ce03100d7e34fdee9ee75e","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"ended","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","call_seq":5,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0,"came_line":0,"came_work":0,"ended_line":0,"ended_work":0,"end":"done"},"counter":{"number":1,"state":"open","version":4,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"2d2e101c-7be3-4844-9247-5be4fd085b08","last_seq":7},"documents":{"civil-affairs":1}}');
INSERT INTO "hub_events" VALUES(8,1,'arrived','kiosk-3','3be75e1b-f8df-41f8-801e-b05d53a036a2','A3001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"3be75e1b-f8df-41f8-801e-b05d53a036a2","kiosk":"kiosk-3","epoch":"2cd52d5b-05d2-4874-ae91-a7a84e556124","kiosk_seq":1,"revision":0,"digest":"8fdca9837404eb143a7165f0afddd8123d5f47722e7152c5b05ae4a2a366c237","number":"A3001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(9,1,'by-hand',NULL,NULL,NULL,1,'clerk-1','835061ce-9ef2-4925-9bb7-72edfc26cb0b',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"counter":{"number":1,"state":"open","version":5,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"835061ce-9ef2-4925-9bb7-72edfc26cb0b","last_seq":9},"detail":{"ranges":[{"to":"A3001","first":null,"but":[]}]}}');
INSERT INTO "hub_events" VALUES(10,1,'by-hand','kiosk-3','3be75e1b-f8df-41f8-801e-b05d53a036a2','A3001',NULL,'clerk-1','835061ce-9ef2-4925-9bb7-72edfc26cb0b',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"3be75e1b-f8df-41f8-801e-b05d53a036a2","kiosk":"kiosk-3","epoch":"2cd52d5b-05d2-4874-ae91-a7a84e556124","kiosk_seq":1,"revision":0,"digest":"8fdca9837404eb143a7165f0afddd8123d5f47722e7152c5b05ae4a2a366c237","number":"A3001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"ended","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","ended_line":0,"ended_work":0,"end":"by-hand"}}');
INSERT INTO "hub_events" VALUES(11,1,'called','kiosk-2','1d75ff47-3bd7-4b3b-8b65-e859a9cd9ec2','A2001',1,'clerk-1','0af78351-9bfe-4f56-a751-73d9b6a2059d',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"1d75ff47-3bd7-4b3b-8b65-e859a9cd9ec2","kiosk":"kiosk-2","epoch":"9818a151-a9ff-4a96-9e71-d5a59dd23875","kiosk_seq":1,"revision":0,"digest":"6cd9edaaf143ac8fdc84f2ede51dc19ffd0292ab6e5a01c61a9d702e4a93b0cf","number":"A2001","service":"civil-affairs","priority":"infant","order_id":"abababababababababababababababab","day":1,"queue":"A","state":"called","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":11,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0},"counter":{"number":1,"state":"called","version":6,"ticket":"1d75ff47-3bd7-4b3b-8b65-e859a9cd9ec2","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"0af78351-9bfe-4f56-a751-73d9b6a2059d","last_seq":11}}');
CREATE TABLE hub_events_aside (
	"row" INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	term INTEGER NOT NULL, 
	event TEXT NOT NULL, 
	CONSTRAINT pk_hub_events_aside PRIMARY KEY ("row")
);
INSERT INTO "hub_events_aside" VALUES(1,9,1,'{}');
CREATE TABLE hub_help_calls (
	id TEXT NOT NULL, 
	kiosk TEXT NOT NULL, 
	asked_line INTEGER NOT NULL, 
	asked_at TEXT NOT NULL, 
	seen_by TEXT, 
	CONSTRAINT pk_hub_help_calls PRIMARY KEY (id), 
	CONSTRAINT uq_hub_help_calls_id_kiosk UNIQUE (id, kiosk)
);
INSERT INTO "hub_help_calls" VALUES('h1','kiosk-1',5,'2026-11-25T09:10:00Z',NULL);
CREATE TABLE hub_kiosk_boots (
	kiosk TEXT NOT NULL, 
	boot_id TEXT NOT NULL, 
	offset_us INTEGER NOT NULL, 
	seen_line INTEGER NOT NULL, 
	CONSTRAINT pk_hub_kiosk_boots PRIMARY KEY (kiosk, boot_id)
);
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-1','ba47addf-9e60-425b-baa3-e56940990164',-900000000,0);
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-2','855b96ec-2273-4797-bd52-67ee8daaeeff',-800000000,0);
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-3','b3576077-1f79-4918-95c9-ea19a7a83421',-700000000,0);
CREATE TABLE hub_locks (
	scope TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	last_line INTEGER NOT NULL, 
	until_line INTEGER NOT NULL, 
	under_way INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_hub_locks PRIMARY KEY (scope)
);
INSERT INTO "hub_locks" VALUES('clerk-1',2,3,4,0);
CREATE TABLE hub_overrides (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	message_id INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	CONSTRAINT pk_hub_overrides PRIMARY KEY (name)
);
INSERT INTO "hub_overrides" VALUES('rules','{}',1,2);
CREATE TABLE hub_presses (
	counter INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	status INTEGER NOT NULL, 
	answer TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	hub TEXT NOT NULL, 
	term INTEGER NOT NULL, 
	line_us INTEGER NOT NULL, 
	CONSTRAINT pk_hub_presses PRIMARY KEY (counter, "key")
)
 WITHOUT ROWID

;
INSERT INTO "hub_presses" VALUES(1,'0af78351-9bfe-4f56-a751-73d9b6a2059d','e737121f0bbdbf7dc131810fd939af5308c031cc51546337781202c71d5cb58f',200,'{"press":"next","counter":{"number":1,"state":"called","version":6,"ticket":{"id":"1d75ff47-3bd7-4b3b-8b65-e859a9cd9ec2","kiosk":"kiosk-2","number":"A2001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"infant","ready_order":true,"called_at":"2026-11-25T09:00:00.000000Z","voided":false}},"call":11}',11,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'2d2e101c-7be3-4844-9247-5be4fd085b08','61ac71016e3b7580fcf33d21b2c1dec9fd176ccdc3f88060b98b8c84bb9a4cb5',200,'{"press":"done","counter":{"number":1,"state":"open","version":4,"ticket":null},"call":null}',7,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'355099ea-e348-49d9-8ac5-81f49b420f5d','1e13e41af6697f05775eddb923562a6b2f6525643c5cb1c7a9c239742237305d',200,'{"press":"came","counter":{"number":1,"state":"serving","version":3,"ticket":{"id":"3beeaa2a-709b-4bee-9861-7aebe7125303","kiosk":"kiosk-1","number":"A1001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"none","ready_order":false,"called_at":"2026-11-25T09:00:00.000000Z","voided":false}},"call":null}',6,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'835061ce-9ef2-4925-9bb7-72edfc26cb0b','70e19533b612c650369f37355711bbcdbd91c0a041ebd1109249a99523584ed4',200,'{"press":"by-hand","counter":{"number":1,"state":"open","version":5,"ticket":null},"call":null,"entered":1}',10,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'85f3c218-b286-41ad-9b79-6e0f8a778ae9','e737121f0bbdbf7dc131810fd939af5308c031cc51546337781202c71d5cb58f',200,'{"press":"next","counter":{"number":1,"state":"called","version":2,"ticket":{"id":"3beeaa2a-709b-4bee-9861-7aebe7125303","kiosk":"kiosk-1","number":"A1001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"none","ready_order":false,"called_at":"2026-11-25T09:00:00.000000Z","voided":false}},"call":5}',5,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'9c975925-022f-468a-8f16-1a2b183a3fb9','5b8cffc1fe598e3b6132bd46ca3a4a9bcb04c500b2351e5168f709f52b91e261',200,'{"press":"open","counter":{"number":1,"state":"open","version":1,"ticket":null},"call":null}',4,'hub-0001',1,0);
CREATE TABLE hub_sessions (
	token_sha256 TEXT NOT NULL, 
	clerk TEXT NOT NULL, 
	role TEXT NOT NULL, 
	counter INTEGER, 
	began_line INTEGER NOT NULL, 
	began_at TEXT NOT NULL, 
	ended TEXT, 
	pin_sha256 TEXT, 
	CONSTRAINT pk_hub_sessions PRIMARY KEY (token_sha256)
);
INSERT INTO "hub_sessions" VALUES('abababababababababababababababababababababababababababababababab','clerk-1','clerk',1,1,'2026-11-25T09:00:00Z',NULL,'cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd');
CREATE TABLE hub_state (
	one INTEGER NOT NULL, 
	term INTEGER NOT NULL, 
	role TEXT NOT NULL, 
	line_us INTEGER DEFAULT '0' NOT NULL, 
	work_us INTEGER DEFAULT '0' NOT NULL, 
	wall_us INTEGER, 
	boot_id TEXT, 
	boot_time_ns INTEGER, 
	store_day INTEGER DEFAULT '0' NOT NULL, 
	follower TEXT, 
	pulled_line INTEGER, 
	board_heard_at TEXT, 
	board_speaks INTEGER DEFAULT '0' NOT NULL, 
	recall_due INTEGER DEFAULT '0' NOT NULL, 
	seen_term INTEGER DEFAULT '0' NOT NULL, 
	log_lost INTEGER DEFAULT '0' NOT NULL, board_wanted_m FLOAT, board_serves_m FLOAT, 
	CONSTRAINT pk_hub_state PRIMARY KEY (one)
);
INSERT INTO "hub_state" VALUES(1,1,'leading',0,0,1795597200000000,'3f2c9d1e-0000-4000-8000-000000000001',1000000000000,1,NULL,NULL,NULL,0,0,0,0,NULL,NULL);
CREATE TABLE hub_tickets (
	id TEXT NOT NULL, 
	kiosk TEXT NOT NULL, 
	epoch TEXT NOT NULL, 
	kiosk_seq INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	digest TEXT NOT NULL, 
	number TEXT NOT NULL, 
	service TEXT NOT NULL, 
	priority TEXT NOT NULL, 
	order_id TEXT, 
	day INTEGER NOT NULL, 
	queue TEXT NOT NULL, 
	state TEXT NOT NULL, 
	arrived_line INTEGER NOT NULL, 
	arrived_work INTEGER NOT NULL, 
	is_certain INTEGER NOT NULL, 
	issued_at TEXT NOT NULL, 
	paper TEXT, 
	is_voided INTEGER NOT NULL, 
	only_counter INTEGER, 
	front_line INTEGER, 
	absences INTEGER NOT NULL, 
	absent_line INTEGER, 
	absent_seq INTEGER, 
	counter INTEGER, 
	call_seq INTEGER, 
	call_counter INTEGER, 
	called_at TEXT, 
	called_line INTEGER, 
	called_work INTEGER, 
	came_line INTEGER, 
	came_work INTEGER, 
	ended_line INTEGER, 
	ended_work INTEGER, 
	"end" TEXT, 
	parked_at TEXT, 
	estimate_s INTEGER, 
	low_s INTEGER, 
	high_s INTEGER, told_today TEXT, token_sha256 TEXT, first_day TEXT, last_day TEXT, claim TEXT, claimed TEXT, place_line INTEGER, shown TEXT, claim_at TEXT, due_line INTEGER, credit_us INTEGER, 
	CONSTRAINT pk_hub_tickets PRIMARY KEY (id)
);
INSERT INTO "hub_tickets" VALUES('3beeaa2a-709b-4bee-9861-7aebe7125303','kiosk-1','3e2e23ba-87ee-475c-8b1a-9273539b4491',1,0,'9001d50854bf67bfc1101e854976f22e833bd37b27ce03100d7e34fdee9ee75e','A1001','civil-affairs','none',NULL,1,'A','ended',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,NULL,5,1,'2026-11-25T09:00:00.000000Z',0,0,0,0,0,0,'done',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "hub_tickets" VALUES('1d75ff47-3bd7-4b3b-8b65-e859a9cd9ec2','kiosk-2','9818a151-a9ff-4a96-9e71-d5a59dd23875',1,0,'6cd9edaaf143ac8fdc84f2ede51dc19ffd0292ab6e5a01c61a9d702e4a93b0cf','A2001','civil-affairs','infant','abababababababababababababababab',1,'A','called',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,1,11,1,'2026-11-25T09:00:00.000000Z',0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "hub_tickets" VALUES('3be75e1b-f8df-41f8-801e-b05d53a036a2','kiosk-3','2cd52d5b-05d2-4874-ae91-a7a84e556124',1,0,'8fdca9837404eb143a7165f0afddd8123d5f47722e7152c5b05ae4a2a366c237','A3001','civil-affairs','none',NULL,1,'A','ended',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,'by-hand',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE hub_work_spans (
	line_us INTEGER NOT NULL, 
	work_us INTEGER NOT NULL, 
	is_running INTEGER NOT NULL, 
	CONSTRAINT pk_hub_work_spans PRIMARY KEY (line_us)
);
INSERT INTO "hub_work_spans" VALUES(1,0,1);
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
INSERT INTO "items" VALUES(1,'b383624a-bc22-4295-8137-bc967984dee3','6cd47a75-59ee-43a9-af24-d7b93b5b3d8f',1,'audit','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6InN0b3JlLW9wZW5lZCIsImRldGFpbCI6eyJ3aHkiOiJuZXctc3RvcmUiLCJmb3JtZXJfZXBvY2giOm51bGwsImZvcm1lcl9sYXN0X3NlcSI6bnVsbCwiZm9ybWVyX2xhc3RfaGFzaCI6bnVsbH19','0000000000000000000000000000000000000000000000000000000000000000','dd794a110808e48cb5e804554fa0a30f2bcd0f78ea583be82a03620750e0be79','waiting',NULL,NULL);
INSERT INTO "items" VALUES(2,'b0a95739-9285-4400-8775-e5b3dd71856e','6cd47a75-59ee-43a9-af24-d7b93b5b3d8f',2,'audit','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ1c2luZXNzLWRheS1vcGVuZWQiLCJkZXRhaWwiOnsiZGF0ZSI6IjIwMjYtMTEtMjUiLCJieSI6ImNsb2NrIiwiZGF5IjoxfX0=','dd794a110808e48cb5e804554fa0a30f2bcd0f78ea583be82a03620750e0be79','1e2292dec7b74616c2eb5f9ef5ae81b616ea5bb29b808006adf34d1e82b86f41','waiting',NULL,NULL);
INSERT INTO "items" VALUES(3,'d28c9601-dc60-4d78-b1f0-8335b6314496','6cd47a75-59ee-43a9-af24-d7b93b5b3d8f',3,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNvdW50ZXItb3BlbmVkIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIn0=','1e2292dec7b74616c2eb5f9ef5ae81b616ea5bb29b808006adf34d1e82b86f41','bcd0052a26c9bf350b4921e65843b1c9270a4c6d8f421db16e1e3644d12ea722','waiting',NULL,NULL);
INSERT INTO "items" VALUES(4,'5318a7aa-bc7d-4c28-bd32-ae9c5c315fe9','6cd47a75-59ee-43a9-af24-d7b93b5b3d8f',4,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbGxlZCIsImtpb3NrIjoia2lvc2stMSIsInRpY2tldCI6IjNiZWVhYTJhLTcwOWItNGJlZS05ODYxLTdhZWJlNzEyNTMwMyIsIm51bWJlciI6IkExMDAxIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIn0=','bcd0052a26c9bf350b4921e65843b1c9270a4c6d8f421db16e1e3644d12ea722','ddbc36010ee6953c86011c1d33d284093e9a0d2a6b6702e5d629d784059a2b9a','waiting',NULL,NULL);
INSERT INTO "items" VALUES(5,'410c2b9b-4e84-4b5d-bd3a-38767ae75560','6cd47a75-59ee-43a9-af24-d7b93b5b3d8f',5,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbWUiLCJraW9zayI6Imtpb3NrLTEiLCJ0aWNrZXQiOiIzYmVlYWEyYS03MDliLTRiZWUtOTg2MS03YWViZTcxMjUzMDMiLCJudW1iZXIiOiJBMTAwMSIsImNvdW50ZXIiOjEsImNsZXJrIjoiY2xlcmstMSJ9','ddbc36010ee6953c86011c1d33d284093e9a0d2a6b6702e5d629d784059a2b9a','b547e8ad0bf20deb847e6cdbd342599359c04c05518e25462dcb769c7430a594','waiting',NULL,NULL);
INSERT INTO "items" VALUES(6,'07e30667-0bc3-4a63-862b-8737bae87aa5','6cd47a75-59ee-43a9-af24-d7b93b5b3d8f',6,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImRvbmUiLCJraW9zayI6Imtpb3NrLTEiLCJ0aWNrZXQiOiIzYmVlYWEyYS03MDliLTRiZWUtOTg2MS03YWViZTcxMjUzMDMiLCJudW1iZXIiOiJBMTAwMSIsImNvdW50ZXIiOjEsImNsZXJrIjoiY2xlcmstMSIsImRvY3VtZW50cyI6eyJjaXZpbC1hZmZhaXJzIjoxfX0=','b547e8ad0bf20deb847e6cdbd342599359c04c05518e25462dcb769c7430a594','5d59e2197e5cb4cb7dec5576daee62505617fa033675a89ebdba7f02a9586130','waiting',NULL,NULL);
INSERT INTO "items" VALUES(7,'7cb37f81-11e9-4926-a9ec-c3a09efcf629','6cd47a75-59ee-43a9-af24-d7b93b5b3d8f',7,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ5LWhhbmQiLCJjb3VudGVyIjoxLCJjbGVyayI6ImNsZXJrLTEifQ==','5d59e2197e5cb4cb7dec5576daee62505617fa033675a89ebdba7f02a9586130','87b58f0a56b738de20ba43ece975ece8d2cac1660e6f76b11ee65a6661b65978','waiting',NULL,NULL);
INSERT INTO "items" VALUES(8,'1a188cc2-b237-4e9e-af9a-18ba0626fb84','6cd47a75-59ee-43a9-af24-d7b93b5b3d8f',8,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ5LWhhbmQiLCJraW9zayI6Imtpb3NrLTMiLCJ0aWNrZXQiOiIzYmU3NWUxYi1mOGRmLTQxZjgtODAxZS1iMDVkNTNhMDM2YTIiLCJudW1iZXIiOiJBMzAwMSIsImNsZXJrIjoiY2xlcmstMSJ9','87b58f0a56b738de20ba43ece975ece8d2cac1660e6f76b11ee65a6661b65978','bc5454fbda923024bf7de54aeb9ab04633dd37147f045cd8f952520e1a5d3b08','waiting',NULL,NULL);
INSERT INTO "items" VALUES(9,'65dd7a12-c697-4661-a3ac-d7ee1d3e0f22','6cd47a75-59ee-43a9-af24-d7b93b5b3d8f',9,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbGxlZCIsImtpb3NrIjoia2lvc2stMiIsInRpY2tldCI6IjFkNzVmZjQ3LTNiZDctNGIzYi04YjY1LWU4NTlhOWNkOWVjMiIsIm51bWJlciI6IkEyMDAxIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIn0=','bc5454fbda923024bf7de54aeb9ab04633dd37147f045cd8f952520e1a5d3b08','ed50ecd33bfb34837e5beecf90fecb7a51b3debdf7ce099c373f5b7d0efd4881','waiting',NULL,NULL);
CREATE TABLE listeners (
	name TEXT NOT NULL, 
	peer TEXT NOT NULL, 
	term INTEGER NOT NULL, 
	heard_through INTEGER NOT NULL, 
	statement TEXT, 
	CONSTRAINT pk_listeners PRIMARY KEY (name)
);
CREATE TABLE order_questions (
	"row" INTEGER NOT NULL, 
	order_id TEXT NOT NULL, 
	day_id INTEGER NOT NULL, 
	asked INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_order_questions PRIMARY KEY ("row"), 
	CONSTRAINT uq_order_questions_order_id UNIQUE (order_id)
);
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
CREATE TABLE pin_attempts (
	name TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	boot_id TEXT NOT NULL, 
	boot_time_ns INTEGER NOT NULL, 
	waited_s INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_pin_attempts PRIMARY KEY (name)
);
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
CREATE TABLE settings (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_settings PRIMARY KEY ("key")
);
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
INSERT INTO "store" VALUES(1,'6cd47a75-59ee-43a9-af24-d7b93b5b3d8f','hub-0001','homs-main',0,'mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm',9,'ed50ecd33bfb34837e5beecf90fecb7a51b3debdf7ce099c373f5b7d0efd4881',1795597200000000,NULL,NULL,NULL,NULL,0,0,NULL);
CREATE TABLE tallies (
	name TEXT NOT NULL, 
	total INTEGER NOT NULL, 
	trip INTEGER NOT NULL, 
	CONSTRAINT pk_tallies PRIMARY KEY (name)
);
CREATE TABLE technicians (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	centre TEXT NOT NULL, 
	role TEXT NOT NULL, 
	pin_hash TEXT NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_technicians PRIMARY KEY (id)
);
CREATE TABLE ticket_changes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	ticket_row INTEGER NOT NULL
);
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
CREATE INDEX ix_hub_presses_seq ON hub_presses (seq);
CREATE INDEX ix_hub_tickets_day_number ON hub_tickets (day, number);
CREATE INDEX ix_hub_tickets_kiosk ON hub_tickets (kiosk, epoch, kiosk_seq);
CREATE INDEX ix_hub_tickets_state ON hub_tickets (state, day);
CREATE INDEX ix_hub_sessions_counter ON hub_sessions (counter);
CREATE INDEX ix_hub_tickets_last_day ON hub_tickets (last_day) WHERE last_day IS NOT NULL;
CREATE INDEX ix_hub_tickets_claimed ON hub_tickets (claimed) WHERE claimed IS NOT NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('business_days',1);
COMMIT;
