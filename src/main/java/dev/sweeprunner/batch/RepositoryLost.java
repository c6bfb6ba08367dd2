package dev.sweeprunner.batch;

/** The job repository cannot be used any more; no run was in work, none is to blame. */
public final class RepositoryLost extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RepositoryLost(Throwable why) {
    super(why);
  }
}
