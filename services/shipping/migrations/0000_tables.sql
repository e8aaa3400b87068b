CREATE TABLE "shipments" (
	"shipment_id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"state" text NOT NULL,
	"tracking_number" text NOT NULL,
	"country" text NOT NULL,
	"ship_to" json NOT NULL,
	"lines" json NOT NULL,
	"booked_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "shipments_tracking_number_unique" UNIQUE("tracking_number"),
	CONSTRAINT "state_is_known" CHECK ("shipments"."state" in ('booked', 'cancelled'))
);
--> statement-breakpoint
CREATE INDEX "shipments_of_order" ON "shipments" USING btree ("order_id","booked_at");