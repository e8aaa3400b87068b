CREATE TABLE "reservation_lines" (
	"reservation_id" text NOT NULL,
	"position" integer NOT NULL,
	"sku" text NOT NULL,
	"quantity" bigint NOT NULL,
	CONSTRAINT "reservation_lines_reservation_id_position_pk" PRIMARY KEY("reservation_id","position"),
	CONSTRAINT "quantity_is_positive" CHECK ("reservation_lines"."quantity" between 1 and 9007199254740991)
);
--> statement-breakpoint
CREATE TABLE "reservations" (
	"reservation_id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"state" text NOT NULL,
	"reserved_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"shipped_at" timestamp (3) with time zone,
	CONSTRAINT "state_is_known" CHECK ("reservations"."state" in ('reserved', 'released', 'shipped')),
	CONSTRAINT "shipped_has_its_time" CHECK (("reservations"."state" = 'shipped') = ("reservations"."shipped_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "stock" (
	"sku" text PRIMARY KEY NOT NULL,
	"available" bigint NOT NULL,
	"reserved" bigint DEFAULT 0 NOT NULL,
	"shipped" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "available_never_negative" CHECK ("stock"."available" between 0 and 9007199254740991),
	CONSTRAINT "reserved_never_negative" CHECK ("stock"."reserved" between 0 and 9007199254740991),
	CONSTRAINT "shipped_never_negative" CHECK ("stock"."shipped" between 0 and 9007199254740991)
);
--> statement-breakpoint
ALTER TABLE "reservation_lines" ADD CONSTRAINT "reservation_lines_reservation_id_reservations_reservation_id_fk" FOREIGN KEY ("reservation_id") REFERENCES "public"."reservations"("reservation_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reservations_of_order" ON "reservations" USING btree ("order_id","reserved_at");