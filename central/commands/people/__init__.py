"""Commands about those who may do something: operators, clerks, technicians, machines to enrol, other systems."""
