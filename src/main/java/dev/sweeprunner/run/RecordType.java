package dev.sweeprunner.run;

/** The kinds of records in a claim log; their names stand in its files. */
public enum RecordType {
  CLAIM("claimed"),
  PUBLISH("published"),
  RELEASE("given back"),
  FAIL("failed"),
  FINISH("finished"),
  POISON("given up"),
  RESET("reset");

  private final String told;

  RecordType(String told) {
    this.told = told;
  }

  /** What it says of the run, for people. */
  public String told() {
    return told;
  }
}
