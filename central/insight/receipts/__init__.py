"""Receipts for anybody: the page where a receipt's code is checked, and the page of one receipt."""
