CREATE TABLE "order_history" (
	"entry" bigserial PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"status" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "status_is_known" CHECK ("order_history"."status" in ('placed', 'accepted', 'confirmed', 'rejected', 'cancelled', 'returned'))
);
--> statement-breakpoint
CREATE TABLE "order_lines" (
	"order_id" text NOT NULL,
	"position" integer NOT NULL,
	"sku" text NOT NULL,
	"quantity" bigint NOT NULL,
	"unit_price" bigint NOT NULL,
	CONSTRAINT "order_lines_order_id_position_pk" PRIMARY KEY("order_id","position"),
	CONSTRAINT "quantity_is_positive" CHECK ("order_lines"."quantity" between 1 and 9007199254740991),
	CONSTRAINT "unit_price_never_negative" CHECK ("order_lines"."unit_price" between 0 and 9007199254740991)
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"order_id" text PRIMARY KEY NOT NULL,
	"content" text NOT NULL,
	"customer_id" text NOT NULL,
	"currency" text NOT NULL,
	"total" bigint NOT NULL,
	"ship_to" json NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"tracking_number" text,
	"placed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"cancel_requested_at" timestamp (3) with time zone,
	CONSTRAINT "status_is_known" CHECK ("orders"."status" in ('placed', 'accepted', 'confirmed', 'rejected', 'cancelled', 'returned')),
	CONSTRAINT "total_is_counted_exactly" CHECK ("orders"."total" between 0 and 9007199254740991)
);
--> statement-breakpoint
ALTER TABLE "order_history" ADD CONSTRAINT "order_history_order_id_orders_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("order_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_order_id_orders_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("order_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "history_of_order" ON "order_history" USING btree ("order_id","entry");--> statement-breakpoint
CREATE INDEX "orders_by_time" ON "orders" USING btree ("placed_at","order_id");--> statement-breakpoint
CREATE INDEX "orders_by_status" ON "orders" USING btree ("status","placed_at","order_id");