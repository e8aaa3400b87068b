-- Double entry: at the end of every transaction of the database, the postings of each ledger transaction that it touched sum
-- to zero per currency, and there are some.
CREATE FUNCTION "postings_balance"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  off record;
BEGIN
  IF NOT EXISTS (SELECT FROM "postings" WHERE "transaction_id" = NEW."transaction_id") THEN
    RAISE EXCEPTION 'ledger transaction % has no postings', NEW."transaction_id" USING ERRCODE = 'check_violation';
  END IF;
  SELECT "currency", sum("amount") AS "balance" INTO off
    FROM "postings" WHERE "transaction_id" = NEW."transaction_id"
    GROUP BY "currency" HAVING sum("amount") <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'ledger transaction % is off by % %', NEW."transaction_id", off."balance", off."currency"
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "postings_balance" AFTER INSERT ON "postings"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "postings_balance"();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "postings_balance" AFTER INSERT ON "ledger_transactions"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "postings_balance"();
--> statement-breakpoint
-- Append-only: what was posted is corrected by another posting.
CREATE FUNCTION "postings_are_final"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'check_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER "postings_are_final" BEFORE UPDATE OR DELETE OR TRUNCATE ON "postings"
  FOR EACH STATEMENT EXECUTE FUNCTION "postings_are_final"();
--> statement-breakpoint
CREATE TRIGGER "postings_are_final" BEFORE UPDATE OR DELETE ON "ledger_transactions"
  FOR EACH STATEMENT EXECUTE FUNCTION "postings_are_final"();
