"""What no rubric foresaw: combinations and slips searched for, with a guard against chance."""
