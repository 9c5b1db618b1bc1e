"""What can strangers check? The files of the log of versions, and beside a version its proof and its text."""
