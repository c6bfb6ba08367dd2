package dev.sweeprunner.layout;

/** More names of what is published, beside {@link Layout#publishedName}. */
public final class PublishedNames {
  private static final String EPOCH = "-e";

  private PublishedNames() {}

  /**
   * {@code {iter:07d}-e{epoch}-end}: what a run left at its end, published in place of the
   * checkpoint of the same iteration and with that one's part.
   */
  public static String end(long iter, int epoch) {
    return Layout.publishedName(iter, epoch) + "-end";
  }

  /** The claim that wrote the metric part of this name. */
  public static int epochOfPart(String name) {
    return Integer.parseInt(
        name.substring(name.indexOf(EPOCH) + EPOCH.length(), name.indexOf('.')));
  }
}
