package dev.sweeprunner.slurm;

import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.HostAnswers;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What Slurm said last, shared on two levels: by the processes of this user on this host, so that
 * eight workers of a node read the storage root's file once, and by all hosts of a storage root, so
 * that a thousand workers ask once. Only answers are kept: whoever got none is free to ask again.
 *
 * <p>Any thread.
 */
final class SharedAnswer {
  private static final String SITE = "slurm.json";

  /** Tasks that are remembered as unknown to Slurm; those beyond cost a question each. */
  private static final int MOST_UNKNOWN = 256;

  private static final Duration SPARE = Duration.ofSeconds(40);

  private final FileSystem files;
  private final HostAnswers answers;
  private final Layout layout;
  private final Clock clock;
  private final Slurm.Options options;
  private final Map<String, RootAnswer> roots = new ConcurrentHashMap<>();

  /**
   * The answers below these folders.
   *
   * @param host local to the host, this user's own
   * @param layout of the storage root
   */
  SharedAnswer(FileSystem files, Path host, Layout layout, Clock clock, Slurm.Options options) {
    this.files = files;
    this.answers = new HostAnswers(files, host, clock::now);
    this.layout = layout;
    this.clock = clock;
    this.options = options;
  }

  /** Which Slurm is asked here, as another process of this host has just heard. */
  Optional<SlurmSite> site() {
    return answers.find(
        SITE,
        (in, age) ->
            age.compareTo(options.fresh()) < 0
                    && in.text("configuration").equals(options.configuration())
                ? new SlurmSite(in.text("controller"), Duration.ofSeconds(in.number("kill_wait")))
                : null);
  }

  /** Tells the others of this host. */
  void keep(SlurmSite site, Instant at) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("configuration", options.configuration());
    members.put("controller", site.controller());
    members.put("kill_wait", site.killWait().toSeconds());
    answers.keep(SITE, at, members);
  }

  /**
   * The newest answer of this Slurm, if it is younger than {@code fresh}. By this host's own clock
   * where it has been here before.
   */
  Optional<Snapshot> find(SlurmSite site, Duration fresh) {
    Optional<AnswerForm> here = host(site);
    Optional<AnswerForm> young = here.filter(form -> young(form.snapshot(), fresh));
    if (young.isPresent()) {
      return young.map(AnswerForm::snapshot);
    }
    long known = here.map(AnswerForm::generation).orElse(0L);
    Optional<AnswerForm> there =
        newest(site)
            .filter(form -> form.generation() > known)
            .filter(form -> young(form.snapshot(), fresh));
    there.ifPresent(form -> keepHere(site, form));
    return there.map(AnswerForm::snapshot);
  }

  private boolean young(Snapshot seen, Duration fresh) {
    return clock.nanos() - seen.asked() < fresh.toNanos();
  }

  /** The newest answer of this storage root, however old. */
  Optional<AnswerForm> newest(SlurmSite site) {
    return root(site).newest().filter(form -> of(form, site));
  }

  private static boolean of(AnswerForm form, SlurmSite site) {
    return site.equals(form.snapshot().site())
        && form.snapshot().answer() instanceof Squeue.Answer.Jobs;
  }

  private Optional<AnswerForm> host(SlurmSite site) {
    return answers
        .find(
            hostName(site),
            (in, age) ->
                AnswerForm.of(
                    in,
                    clock.nanos() - age.toNanos(),
                    clock.nanos()
                        - Duration.between(Instant.parse(in.text("said")), clock.now()).toNanos()))
        .filter(form -> of(form, site));
  }

  /** Tries to become the one who asks next, for all. */
  RootAnswer.Turn turn(SlurmSite site) {
    return root(site).turn();
  }

  /** Gives the turn back, with or without an answer. */
  void leave(SlurmSite site, RootAnswer.Turn turn) {
    root(site).leave(turn);
  }

  /** Keeps an answer for the others. */
  void keep(SlurmSite site, AnswerForm answer) {
    root(site).keep(answer);
    keepHere(site, answer);
  }

  /** Tells the others which tasks Slurm, asked by name, did not know. */
  void keepUnknown(SlurmSite site, Set<String> gone) {
    newest(site)
        .ifPresent(
            form -> {
              Set<String> all = new HashSet<>(form.snapshot().unknown());
              all.addAll(gone);
              if (all.size() <= MOST_UNKNOWN) {
                keep(
                    site,
                    new AnswerForm(
                        form.generation(),
                        form.said(),
                        form.server(),
                        form.snapshot().without(gone)));
              }
            });
  }

  private void keepHere(SlurmSite site, AnswerForm form) {
    if (form.snapshot().answer() instanceof Squeue.Answer.Jobs jobs) {
      Instant at = clock.now().minusNanos(clock.nanos() - form.snapshot().asked());
      answers.keep(hostName(site), at, form.members(site, jobs));
    }
  }

  private RootAnswer root(SlurmSite site) {
    return roots.computeIfAbsent(
        key(site),
        key ->
            new RootAnswer(
                files,
                clock,
                layout.slurm(key),
                generation -> layout.slurmAsk(key, generation),
                options.timeout().plus(SPARE)));
  }

  private String hostName(SlurmSite site) {
    return "squeue-" + Sha256.of(layout.root() + "\n" + key(site)).substring(0, 12) + ".json";
  }

  /** A Slurm and a user, as a file's name. */
  private String key(SlurmSite site) {
    String cluster = site.controller().replaceFirst("@.*", "").replaceAll("[^A-Za-z0-9_-]+", "-");
    return cluster + "-" + Sha256.of(site.controller() + "\n" + options.user()).substring(0, 8);
  }
}
