package dev.sweeprunner.page;

import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Pause;
import jakarta.servlet.Servlet;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The page: made, it does nothing before the first request. Any thread.
 *
 * <p>A crash leaves nothing: it only reads.
 */
public final class Page {
  private final Supplier<Subject> subject;
  private final Site site;
  private final Assets assets;
  private final @Nullable Pause rest;

  /**
   * A page.
   *
   * @param subject what it is about now; asked in one thread at a time, before each look
   */
  public Page(Supplier<Subject> subject, Site site) {
    this(subject, site, new Assets(), null);
  }

  /** As above, with these files and this rest between two looks. */
  Page(Supplier<Subject> subject, Site site, Assets assets, @Nullable Pause rest) {
    this.subject = subject;
    this.site = site;
    this.assets = assets;
    this.rest = rest;
  }

  /**
   * Where the page is.
   *
   * @param version of this program
   * @param names of this host beside the loopback's, by which the page may be asked for
   * @param token that is to be shown, or null: then only this host is answered
   * @param clock tells time
   */
  public record Site(String version, Set<String> names, @Nullable String token, Clock clock) {
    @Override
    public String toString() {
      return "Site" + names; // the token is nobody's business
    }
  }

  /** What answers its addresses; to be destroyed, which ends all who watch. */
  public Servlet servlet() {
    DocumentJson documents = new DocumentJson(site.version());
    Timeline timeline = new Timeline();
    Pulse pulse = new Pulse(this::look, documents, timeline, site.clock(), rest);
    return new PageServlet(
        new Gate(site.names(), site.token()), assets, pulse, timeline, new Readings(site.clock()));
  }

  private Look look() {
    return Look.at(subject.get(), site.clock().now().truncatedTo(ChronoUnit.MILLIS));
  }

  /** Makes the page one file. */
  public Export export() {
    return new Export(this::look, new DocumentJson(site.version()), assets);
  }
}
