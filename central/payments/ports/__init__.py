"""What payers and billers are to central, however they speak, and how they are found and opened."""
