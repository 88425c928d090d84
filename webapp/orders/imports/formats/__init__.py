"""What files of orders may be: CSV, a workbook, or the list that the API answers. Each comes to the same rows."""
