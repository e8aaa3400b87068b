CREATE TABLE "refunds" (
	"refund_id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"payment_id" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"refunded_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "amount_is_counted_exactly" CHECK ("refunds"."amount" between 0 and 9007199254740991)
);
--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "refunded" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_payment_id_payments_payment_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("payment_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "refunds_of_order" ON "refunds" USING btree ("order_id","refunded_at");--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "refunds_are_of_what_was_taken" CHECK ("payments"."refunded" = 0 or "payments"."captured_at" is not null);--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "refunds_never_exceed_it" CHECK ("payments"."refunded" between 0 and "payments"."amount");--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "refunded_is_all_of_it" CHECK ("payments"."state" <> 'refunded' or "payments"."refunded" = "payments"."amount");