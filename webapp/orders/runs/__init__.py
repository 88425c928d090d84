"""Operations at work: which machine takes one, since when it runs, how it ends, and what follows."""
