summary=None
summary_text=None
