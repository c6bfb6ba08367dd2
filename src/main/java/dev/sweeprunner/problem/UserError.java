package dev.sweeprunner.problem;

/**
 * A mistake or a state of the world that a user can mend: what is wrong, where, and the way out.
 *
 * <p>Printed as one line without a stack trace. The class is immutable and carries no cause unless
 * {@code --debug} should show one.
 */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String where;
  private final String what;
  private final String wayOut;

  /**
   * Describes one problem.
   *
   * @param where a file with its line, a key, a run id or an option, for example {@code
   *     sweeps/a.yaml:7}; empty where there is no place
   * @param what one sentence of fact with the offending value, without a full stop
   * @param wayOut one sentence that says what to do, without a full stop
   */
  public UserError(String where, String what, String wayOut) {
    this(where, what, wayOut, null);
  }

  /** As above, with the failure that {@code --debug} shows. */
  public UserError(
      String where,
      String what,
      String wayOut,
      @org.jspecify.annotations.Nullable Throwable cause) {
    super((where.isEmpty() ? "" : where + ": ") + what + ". " + wayOut + ".", cause);
    this.where = where;
    this.what = what;
    this.wayOut = wayOut;
  }

  /** The place: a file with its line, a key, a run id or an option; may be empty. */
  public String where() {
    return where;
  }

  /** The fact, without a full stop. */
  public String what() {
    return what;
  }

  /** What to do, without a full stop. */
  public String wayOut() {
    return wayOut;
  }
}
