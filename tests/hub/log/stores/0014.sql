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
INSERT INTO "alembic_version" VALUES('0004');
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
INSERT INTO "central_keys" VALUES('2f6bb541','sealing','pWMrwMgEGQzNdFq9BDg+u4znrLyWuixgY0ZaTp6RG2M=',1,0,0);
CREATE TABLE centre_records (
	kind TEXT NOT NULL, 
	body TEXT NOT NULL, 
	message_id INTEGER NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_centre_records PRIMARY KEY (kind)
);
INSERT INTO "centre_records" VALUES('counters','{"centre":"homs-main","counters":[{"number":1,"names":{"ar":"1","en":"1"},"groups":["A","B"]},{"number":2,"names":{"ar":"2","en":"2"},"groups":["A"]}],"rules":{"priority_weight":2,"help_after_s":1800,"carry_after_min":60,"carry_most":0.25},"places":{"1":{"ar":"عند المدخل","en":"at the entrance"}}}',1,0);
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
INSERT INTO "epochs" VALUES('d5b392a9-2f46-4ee1-b67b-52adf3d4ffc1','hub-0001',0,NULL);
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
CREATE TABLE hall_as_of (
	one INTEGER NOT NULL, 
	hub TEXT NOT NULL, 
	life TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	wall_time TEXT NOT NULL, 
	clock TEXT NOT NULL, 
	boot_id TEXT NOT NULL, 
	boot_time_ns INTEGER NOT NULL, 
	CONSTRAINT pk_hall_as_of PRIMARY KEY (one)
);
CREATE TABLE hall_rows (
	day INTEGER NOT NULL, 
	kiosk TEXT NOT NULL, 
	number TEXT NOT NULL, 
	service TEXT NOT NULL, 
	state TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	queue TEXT, 
	counter INTEGER, 
	called TEXT, 
	"end" TEXT, 
	priority INTEGER NOT NULL, 
	shown TEXT NOT NULL, 
	CONSTRAINT pk_hall_rows PRIMARY KEY (day, kiosk, number)
);
CREATE TABLE hub_alarms (
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	machine TEXT NOT NULL, 
	digits TEXT NOT NULL, 
	since TEXT NOT NULL, 
	taken_at TEXT, 
	taken_by TEXT, told_at TEXT, told_to TEXT, 
	CONSTRAINT pk_hub_alarms PRIMARY KEY (name), 
	CONSTRAINT uq_hub_alarms_digits UNIQUE (digits)
);
INSERT INTO "hub_alarms" VALUES('paper-out/kiosk-1','paper-out','kiosk-1','42','2026-11-25T09:10:00.000000Z',NULL,NULL,NULL,NULL);
CREATE TABLE hub_alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT hub_alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "hub_alembic_version" VALUES('0014');
CREATE TABLE hub_by_hand (
	seq INTEGER NOT NULL, 
	day INTEGER NOT NULL, 
	ranges TEXT NOT NULL, 
	CONSTRAINT pk_hub_by_hand PRIMARY KEY (seq, day)
);
INSERT INTO "hub_by_hand" VALUES(12,1,'[{"to":"A3001","first":null,"but":[]}]');
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
INSERT INTO "hub_counters" VALUES(1,'called',6,'a754ab9a-a9dd-4d78-a298-e1dde82fbd69','clerk-1',NULL,0,0,'9e2e2f13-ecd4-421a-8fa0-1d12051ab5c5',14,0,0);
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
INSERT INTO "hub_events" VALUES(1,1,'life-began',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"detail":{"life":"0a432f58c0c68f54","hub":"hub-0001","why":"started","stood_on":0,"asks":true}}');
INSERT INTO "hub_events" VALUES(2,1,'led',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"detail":{"term":1,"hub":"hub-0001","by":null}}');
INSERT INTO "hub_events" VALUES(3,1,'work-switched',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"detail":{"line_us":1,"work_us":0,"is_running":true}}');
INSERT INTO "hub_events" VALUES(4,1,'day-opened',NULL,NULL,NULL,NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"detail":{"label":"2026-11-25","by":"clock"}}');
INSERT INTO "hub_events" VALUES(5,1,'arrived','kiosk-1','cb82f088-b0f1-4b13-9eb2-df6ec58fbc62','A1001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"cb82f088-b0f1-4b13-9eb2-df6ec58fbc62","kiosk":"kiosk-1","epoch":"ba98355f-02c2-49c9-a3aa-06890937cae2","kiosk_seq":1,"revision":0,"digest":"e822dd8ad0cec7c11d988faec7434c3e85650b170d58dad15a8a9da48b9bb546","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(6,1,'arrived','kiosk-2','a754ab9a-a9dd-4d78-a298-e1dde82fbd69','A2001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"a754ab9a-a9dd-4d78-a298-e1dde82fbd69","kiosk":"kiosk-2","epoch":"52386257-80b5-4550-9176-4fc73731fa27","kiosk_seq":1,"revision":0,"digest":"a1df6601b51932f2dc8ce21fedcaf9e863ae4f90981ef82d5986bf47470b41cc","number":"A2001","service":"civil-affairs","priority":"infant","order_id":"abababababababababababababababab","day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(7,1,'counter-opened',NULL,NULL,NULL,1,'clerk-1','92aae594-0b04-4a98-8859-2bb96376af7c',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"counter":{"number":1,"state":"open","version":1,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"92aae594-0b04-4a98-8859-2bb96376af7c","last_seq":7}}');
INSERT INTO "hub_events" VALUES(8,1,'called','kiosk-1','cb82f088-b0f1-4b13-9eb2-df6ec58fbc62','A1001',1,'clerk-1','0ad12a55-5d21-43bd-89a8-8c1f500687c9',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"cb82f088-b0f1-4b13-9eb2-df6ec58fbc62","kiosk":"kiosk-1","epoch":"ba98355f-02c2-49c9-a3aa-06890937cae2","kiosk_seq":1,"revision":0,"digest":"e822dd8ad0cec7c11d988faec7434c3e85650b170d58dad15a8a9da48b9bb546","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"called","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":8,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0},"counter":{"number":1,"state":"called","version":2,"ticket":"cb82f088-b0f1-4b13-9eb2-df6ec58fbc62","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"0ad12a55-5d21-43bd-89a8-8c1f500687c9","last_seq":8}}');
INSERT INTO "hub_events" VALUES(9,1,'came','kiosk-1','cb82f088-b0f1-4b13-9eb2-df6ec58fbc62','A1001',1,'clerk-1','1c1d51ca-882c-41b2-a8cc-d96b1ff8a62e',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"cb82f088-b0f1-4b13-9eb2-df6ec58fbc62","kiosk":"kiosk-1","epoch":"ba98355f-02c2-49c9-a3aa-06890937cae2","kiosk_seq":1,"revision":0,"digest":"e822dd8ad0cec7c11d988faec7434c3e85650b170d58dad15a8a9da48b9bb546","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"serving","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":8,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0,"came_line":0,"came_work":0},"counter":{"number":1,"state":"serving","version":3,"ticket":"cb82f088-b0f1-4b13-9eb2-df6ec58fbc62","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"1c1d51ca-882c-41b2-a8cc-d96b1ff8a62e","last_seq":9}}');
INSERT INTO "hub_events" VALUES(10,1,'done','kiosk-1','cb82f088-b0f1-4b13-9eb2-df6ec58fbc62','A1001',1,'clerk-1','33e0e8b1-4f51-4641-b050-befcb02813d2',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"cb82f088-b0f1-4b13-9eb2-df6ec58fbc62","kiosk":"kiosk-1","epoch":"ba98355f-02c2-49c9-a3aa-06890937cae2","kiosk_seq":1,"revision":0,"digest":"e822dd8ad0cec7c11d988faec7434c3e85650b170d58dad15a8a9da48b9bb546","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"ended","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","call_seq":8,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0,"came_line":0,"came_work":0,"ended_line":0,"ended_work":0,"end":"done"},"counter":{"number":1,"state":"open","version":4,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"33e0e8b1-4f51-4641-b050-befcb02813d2","last_seq":10},"documents":{"civil-affairs":1}}');
INSERT INTO "hub_events" VALUES(11,1,'arrived','kiosk-3','003055c7-6526-4663-a31f-2f1df13e7d68','A3001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"003055c7-6526-4663-a31f-2f1df13e7d68","kiosk":"kiosk-3","epoch":"bf134fcb-34dd-4393-9188-dd6d1db39b2b","kiosk_seq":1,"revision":0,"digest":"16eaa1727e7a7071e3a6b8d7d4b874c5c489e6fca2b839ce8c22ca754b90aed6","number":"A3001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(12,1,'by-hand',NULL,NULL,NULL,1,'clerk-1','376f909d-769c-415d-9627-6b502de441d9',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"counter":{"number":1,"state":"open","version":5,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"376f909d-769c-415d-9627-6b502de441d9","last_seq":12},"detail":{"ranges":[{"to":"A3001","first":null,"but":[]}]}}');
INSERT INTO "hub_events" VALUES(13,1,'by-hand','kiosk-3','003055c7-6526-4663-a31f-2f1df13e7d68','A3001',NULL,'clerk-1','376f909d-769c-415d-9627-6b502de441d9',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"003055c7-6526-4663-a31f-2f1df13e7d68","kiosk":"kiosk-3","epoch":"bf134fcb-34dd-4393-9188-dd6d1db39b2b","kiosk_seq":1,"revision":0,"digest":"16eaa1727e7a7071e3a6b8d7d4b874c5c489e6fca2b839ce8c22ca754b90aed6","number":"A3001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"ended","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","ended_line":0,"ended_work":0,"end":"by-hand"}}');
INSERT INTO "hub_events" VALUES(14,1,'called','kiosk-2','a754ab9a-a9dd-4d78-a298-e1dde82fbd69','A2001',1,'clerk-1','9e2e2f13-ecd4-421a-8fa0-1d12051ab5c5',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"a754ab9a-a9dd-4d78-a298-e1dde82fbd69","kiosk":"kiosk-2","epoch":"52386257-80b5-4550-9176-4fc73731fa27","kiosk_seq":1,"revision":0,"digest":"a1df6601b51932f2dc8ce21fedcaf9e863ae4f90981ef82d5986bf47470b41cc","number":"A2001","service":"civil-affairs","priority":"infant","order_id":"abababababababababababababababab","day":1,"queue":"A","state":"called","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":14,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0},"counter":{"number":1,"state":"called","version":6,"ticket":"a754ab9a-a9dd-4d78-a298-e1dde82fbd69","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"9e2e2f13-ecd4-421a-8fa0-1d12051ab5c5","last_seq":14}}');
CREATE TABLE hub_events_aside (
	"row" INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	term INTEGER NOT NULL, 
	event TEXT NOT NULL, 
	CONSTRAINT pk_hub_events_aside PRIMARY KEY ("row")
);
INSERT INTO "hub_events_aside" VALUES(1,9,1,'{}');
CREATE TABLE hub_followers (
	hub TEXT NOT NULL, 
	pulled_line INTEGER NOT NULL, 
	pulled_at TEXT, 
	through INTEGER, 
	CONSTRAINT pk_hub_followers PRIMARY KEY (hub)
);
INSERT INTO "hub_followers" VALUES('hub-2',4,'2026-11-25T09:00:00Z',3);
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
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-1','ea520a29-b92e-4bd3-98ee-62374d55e24f',-900000000,0);
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-2','a26af8a0-f698-41b5-9504-21389e4dc90f',-800000000,0);
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-3','904c77af-8ed8-4f73-b28e-76ce60fbe4cb',-700000000,0);
CREATE TABLE hub_kiosk_needs (
	kiosk TEXT NOT NULL, 
	needs TEXT NOT NULL, 
	heard_line INTEGER NOT NULL, 
	CONSTRAINT pk_hub_kiosk_needs PRIMARY KEY (kiosk)
);
INSERT INTO "hub_kiosk_needs" VALUES('kiosk-1','["paper-out"]',5);
CREATE TABLE hub_led (
	term INTEGER NOT NULL, 
	hub TEXT NOT NULL, 
	"by" TEXT, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_hub_led PRIMARY KEY (term, hub)
);
INSERT INTO "hub_led" VALUES(1,'hub-0001',NULL,'2026-11-25T09:00:00.000000Z');
CREATE TABLE hub_lives (
	seq INTEGER NOT NULL, 
	life TEXT NOT NULL, 
	hub TEXT NOT NULL, 
	CONSTRAINT pk_hub_lives PRIMARY KEY (seq)
);
INSERT INTO "hub_lives" VALUES(1,'0a432f58c0c68f54','hub-0001');
CREATE TABLE hub_locks (
	scope TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	last_line INTEGER NOT NULL, 
	until_line INTEGER NOT NULL, 
	under_way INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_hub_locks PRIMARY KEY (scope)
);
INSERT INTO "hub_locks" VALUES('clerk-1',2,3,4,0);
CREATE TABLE hub_messages (
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	channel TEXT, 
	made_at TEXT NOT NULL, 
	dies_at TEXT NOT NULL, 
	state TEXT NOT NULL, 
	until TEXT, 
	handed_at TEXT, 
	tries INTEGER NOT NULL, 
	reference TEXT, 
	alarm TEXT NOT NULL, 
	person TEXT NOT NULL, 
	text TEXT NOT NULL, sends INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_hub_messages PRIMARY KEY (id)
);
INSERT INTO "hub_messages" VALUES('m1','staff-alarm','modem','2026-11-25T09:11:00.000000Z','2026-11-25T10:11:00.000000Z','handed',NULL,NULL,0,'7','paper-out/kiosk-1','abababababababababababababababab','…',0);
CREATE TABLE hub_offices (
	origin TEXT NOT NULL, 
	seen_line INTEGER NOT NULL, 
	CONSTRAINT pk_hub_offices PRIMARY KEY (origin)
);
INSERT INTO "hub_offices" VALUES('192.0.2.7',3);
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
INSERT INTO "hub_presses" VALUES(1,'0ad12a55-5d21-43bd-89a8-8c1f500687c9','e737121f0bbdbf7dc131810fd939af5308c031cc51546337781202c71d5cb58f',200,'{"press":"next","counter":{"number":1,"state":"called","version":2,"ticket":{"id":"cb82f088-b0f1-4b13-9eb2-df6ec58fbc62","kiosk":"kiosk-1","number":"A1001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"none","ready_order":false,"called_at":"2026-11-25T09:00:00.000000Z","voided":false,"expected_at":null}},"call":8}',8,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'1c1d51ca-882c-41b2-a8cc-d96b1ff8a62e','81b63bf192fcdfd1857589181fa268d655aea4c12d015c8f0092ec974af67f17',200,'{"press":"came","counter":{"number":1,"state":"serving","version":3,"ticket":{"id":"cb82f088-b0f1-4b13-9eb2-df6ec58fbc62","kiosk":"kiosk-1","number":"A1001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"none","ready_order":false,"called_at":"2026-11-25T09:00:00.000000Z","voided":false,"expected_at":null}},"call":null}',9,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'33e0e8b1-4f51-4641-b050-befcb02813d2','864b23c61a0fa078293293064b142e2a3940872f8a5ecbe35bd5b0a9bc61e7b9',200,'{"press":"done","counter":{"number":1,"state":"open","version":4,"ticket":null},"call":null}',10,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'376f909d-769c-415d-9627-6b502de441d9','70e19533b612c650369f37355711bbcdbd91c0a041ebd1109249a99523584ed4',200,'{"press":"by-hand","counter":{"number":1,"state":"open","version":5,"ticket":null},"call":null,"entered":1,"unconfirmed":false}',13,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'92aae594-0b04-4a98-8859-2bb96376af7c','5b8cffc1fe598e3b6132bd46ca3a4a9bcb04c500b2351e5168f709f52b91e261',200,'{"press":"open","counter":{"number":1,"state":"open","version":1,"ticket":null},"call":null}',7,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'9e2e2f13-ecd4-421a-8fa0-1d12051ab5c5','e737121f0bbdbf7dc131810fd939af5308c031cc51546337781202c71d5cb58f',200,'{"press":"next","counter":{"number":1,"state":"called","version":6,"ticket":{"id":"a754ab9a-a9dd-4d78-a298-e1dde82fbd69","kiosk":"kiosk-2","number":"A2001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"infant","ready_order":true,"called_at":"2026-11-25T09:00:00.000000Z","voided":false,"expected_at":null}},"call":14}',14,'hub-0001',1,0);
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
	log_lost INTEGER DEFAULT '0' NOT NULL, board_wanted_m FLOAT, board_serves_m FLOAT, holds_all INTEGER DEFAULT '0' NOT NULL, alone_since TEXT, 
	CONSTRAINT pk_hub_state PRIMARY KEY (one)
);
INSERT INTO "hub_state" VALUES(1,1,'leading',0,0,1795597200000000,'3f2c9d1e-0000-4000-8000-000000000001',1000000000000,1,NULL,NULL,NULL,0,0,0,0,NULL,NULL,1,NULL);
CREATE TABLE hub_texts_let_go (
	one INTEGER NOT NULL, 
	n INTEGER NOT NULL, 
	CONSTRAINT pk_hub_texts_let_go PRIMARY KEY (one)
);
INSERT INTO "hub_texts_let_go" VALUES(1,2);
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
INSERT INTO "hub_tickets" VALUES('cb82f088-b0f1-4b13-9eb2-df6ec58fbc62','kiosk-1','ba98355f-02c2-49c9-a3aa-06890937cae2',1,0,'e822dd8ad0cec7c11d988faec7434c3e85650b170d58dad15a8a9da48b9bb546','A1001','civil-affairs','none',NULL,1,'A','ended',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,NULL,8,1,'2026-11-25T09:00:00.000000Z',0,0,0,0,0,0,'done',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "hub_tickets" VALUES('a754ab9a-a9dd-4d78-a298-e1dde82fbd69','kiosk-2','52386257-80b5-4550-9176-4fc73731fa27',1,0,'a1df6601b51932f2dc8ce21fedcaf9e863ae4f90981ef82d5986bf47470b41cc','A2001','civil-affairs','infant','abababababababababababababababab',1,'A','called',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,1,14,1,'2026-11-25T09:00:00.000000Z',0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "hub_tickets" VALUES('003055c7-6526-4663-a31f-2f1df13e7d68','kiosk-3','bf134fcb-34dd-4393-9188-dd6d1db39b2b',1,0,'16eaa1727e7a7071e3a6b8d7d4b874c5c489e6fca2b839ce8c22ca754b90aed6','A3001','civil-affairs','none',NULL,1,'A','ended',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,'by-hand',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE hub_work_spans (
	line_us INTEGER NOT NULL, 
	work_us INTEGER NOT NULL, 
	is_running INTEGER NOT NULL, seq INTEGER, 
	CONSTRAINT pk_hub_work_spans PRIMARY KEY (line_us)
);
INSERT INTO "hub_work_spans" VALUES(1,0,1,3);
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
INSERT INTO "items" VALUES(1,'95750690-7be3-4b77-b271-f5df89e0cc30','d5b392a9-2f46-4ee1-b67b-52adf3d4ffc1',1,'audit','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6InN0b3JlLW9wZW5lZCIsImRldGFpbCI6eyJ3aHkiOiJuZXctc3RvcmUiLCJmb3JtZXJfZXBvY2giOm51bGwsImZvcm1lcl9sYXN0X3NlcSI6bnVsbCwiZm9ybWVyX2xhc3RfaGFzaCI6bnVsbH19','0000000000000000000000000000000000000000000000000000000000000000','c7d3acac80e1a6c2be52d5e728542ede4ab7330f4645d323a19e69ea8a3dd4e5','waiting',NULL,NULL);
INSERT INTO "items" VALUES(2,'12253336-95d0-4f04-b85f-7061de25658e','d5b392a9-2f46-4ee1-b67b-52adf3d4ffc1',2,'audit','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ1c2luZXNzLWRheS1vcGVuZWQiLCJkZXRhaWwiOnsiZGF0ZSI6IjIwMjYtMTEtMjUiLCJieSI6ImNsb2NrIiwiZGF5IjoxfX0=','c7d3acac80e1a6c2be52d5e728542ede4ab7330f4645d323a19e69ea8a3dd4e5','d4e9c3400e6ef4e9e52cc176b0b6776f232f8436984250583cf306c60d6d8cd3','waiting',NULL,NULL);
INSERT INTO "items" VALUES(3,'093afa02-5574-4114-aa8e-09bbe3680324','d5b392a9-2f46-4ee1-b67b-52adf3d4ffc1',3,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNvdW50ZXItb3BlbmVkIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIn0=','d4e9c3400e6ef4e9e52cc176b0b6776f232f8436984250583cf306c60d6d8cd3','8ac68849d58a00fe3d0ab4013120ef5ae58527a4ac8cfe7b91f92200bd30a484','waiting',NULL,NULL);
INSERT INTO "items" VALUES(4,'b61057e8-457c-4c51-bab0-5a4d4dfef8c8','d5b392a9-2f46-4ee1-b67b-52adf3d4ffc1',4,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbGxlZCIsImtpb3NrIjoia2lvc2stMSIsInRpY2tldCI6ImNiODJmMDg4LWIwZjEtNGIxMy05ZWIyLWRmNmVjNThmYmM2MiIsIm51bWJlciI6IkExMDAxIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIn0=','8ac68849d58a00fe3d0ab4013120ef5ae58527a4ac8cfe7b91f92200bd30a484','b8fa05719baa754e137f569dc012a08127262f32c9c86cf37fb7d8896f2621c9','waiting',NULL,NULL);
INSERT INTO "items" VALUES(5,'2b01ea6a-f065-4fea-916f-3722474ee700','d5b392a9-2f46-4ee1-b67b-52adf3d4ffc1',5,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbWUiLCJraW9zayI6Imtpb3NrLTEiLCJ0aWNrZXQiOiJjYjgyZjA4OC1iMGYxLTRiMTMtOWViMi1kZjZlYzU4ZmJjNjIiLCJudW1iZXIiOiJBMTAwMSIsImNvdW50ZXIiOjEsImNsZXJrIjoiY2xlcmstMSJ9','b8fa05719baa754e137f569dc012a08127262f32c9c86cf37fb7d8896f2621c9','c748dd2cfc6c4434da232d9790457e97dae8914e64af85874a19cf5a56e0c5aa','waiting',NULL,NULL);
INSERT INTO "items" VALUES(6,'4e816b96-270b-4911-a9ab-9d469aea321d','d5b392a9-2f46-4ee1-b67b-52adf3d4ffc1',6,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImRvbmUiLCJraW9zayI6Imtpb3NrLTEiLCJ0aWNrZXQiOiJjYjgyZjA4OC1iMGYxLTRiMTMtOWViMi1kZjZlYzU4ZmJjNjIiLCJudW1iZXIiOiJBMTAwMSIsImNvdW50ZXIiOjEsImNsZXJrIjoiY2xlcmstMSIsImRvY3VtZW50cyI6eyJjaXZpbC1hZmZhaXJzIjoxfX0=','c748dd2cfc6c4434da232d9790457e97dae8914e64af85874a19cf5a56e0c5aa','85ed5bd9547aeba422b021ae0d61f9cbe47d3c7448f428d016470a5d2a7a2ee0','waiting',NULL,NULL);
INSERT INTO "items" VALUES(7,'11f26d49-7e80-4966-b123-a4893c64f045','d5b392a9-2f46-4ee1-b67b-52adf3d4ffc1',7,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ5LWhhbmQiLCJjb3VudGVyIjoxLCJjbGVyayI6ImNsZXJrLTEifQ==','85ed5bd9547aeba422b021ae0d61f9cbe47d3c7448f428d016470a5d2a7a2ee0','8f9d75a95632543c1857e24642c89eb8161350372a3f989a746a0f3b1943ba43','waiting',NULL,NULL);
INSERT INTO "items" VALUES(8,'1759d678-bb9c-4106-ac37-930021774b51','d5b392a9-2f46-4ee1-b67b-52adf3d4ffc1',8,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ5LWhhbmQiLCJraW9zayI6Imtpb3NrLTMiLCJ0aWNrZXQiOiIwMDMwNTVjNy02NTI2LTQ2NjMtYTMxZi0yZjFkZjEzZTdkNjgiLCJudW1iZXIiOiJBMzAwMSIsImNsZXJrIjoiY2xlcmstMSJ9','8f9d75a95632543c1857e24642c89eb8161350372a3f989a746a0f3b1943ba43','fc317615dd9b0d1bd7df3b2664042dedfdba18e3b65a1215915e5c0a1aeab996','waiting',NULL,NULL);
INSERT INTO "items" VALUES(9,'e5bb4b6d-4436-4c36-82fc-6bd7360d298c','d5b392a9-2f46-4ee1-b67b-52adf3d4ffc1',9,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbGxlZCIsImtpb3NrIjoia2lvc2stMiIsInRpY2tldCI6ImE3NTRhYjlhLWE5ZGQtNGQ3OC1hMjk4LWUxZGRlODJmYmQ2OSIsIm51bWJlciI6IkEyMDAxIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIn0=','fc317615dd9b0d1bd7df3b2664042dedfdba18e3b65a1215915e5c0a1aeab996','72074d79da44dd5c6f35e65c2bfd898859386d07d3c40a213d8b7466dca075c9','waiting',NULL,NULL);
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
INSERT INTO "store" VALUES(1,'d5b392a9-2f46-4ee1-b67b-52adf3d4ffc1','hub-0001','homs-main',0,'mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm',9,'72074d79da44dd5c6f35e65c2bfd898859386d07d3c40a213d8b7466dca075c9',1795597200000000,NULL,NULL,NULL,NULL,0,0,NULL);
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
CREATE INDEX ix_inquiries_open ON inquiries (state) WHERE state IN ('asked', 'answered', 'failed', 'undo');
CREATE INDEX ix_hub_presses_seq ON hub_presses (seq);
CREATE INDEX ix_hub_tickets_day_number ON hub_tickets (day, number);
CREATE INDEX ix_hub_tickets_kiosk ON hub_tickets (kiosk, epoch, kiosk_seq);
CREATE INDEX ix_hub_tickets_state ON hub_tickets (state, day);
CREATE INDEX ix_hub_sessions_counter ON hub_sessions (counter);
CREATE INDEX ix_hub_tickets_last_day ON hub_tickets (last_day) WHERE last_day IS NOT NULL;
CREATE INDEX ix_hub_tickets_claimed ON hub_tickets (claimed) WHERE claimed IS NOT NULL;
CREATE INDEX ix_hub_messages_alarm ON hub_messages (alarm, person);
CREATE INDEX ix_hub_messages_state ON hub_messages (state, dies_at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('business_days',1);
COMMIT;
