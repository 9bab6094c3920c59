"""What the programs are made of: bills of materials, licences, known faults."""
