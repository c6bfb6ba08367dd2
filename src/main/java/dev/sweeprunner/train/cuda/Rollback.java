package dev.sweeprunner.train.cuda;

/** Gives back what was made so far, unless all of it could be made. */
final class Rollback implements AutoCloseable {
  private final Resources made = new Resources();
  private boolean done;

  <R extends Resource> R unlessDone(R resource) {
    return made.keep(resource);
  }

  /** From now on it stays. */
  void done() {
    done = true;
  }

  @Override
  public void close() {
    if (!done) {
      made.close();
    }
  }
}
