"""What accountant and cashier do: a day's books against payers' and billers' own, refunds, cash, banks' files."""
