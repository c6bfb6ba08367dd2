package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Arrears;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Ledgers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What W&amp;B lacks by the cards in the outbox: of a run whose card says how many rows it had when
 * it took no more, those behind them. Reads one listing and at most {@link #MOST} cards of a
 * project, and claim logs only of runs that lack something; no rows.
 *
 * <p>What a killed worker could not note is not seen; {@code sync} finds it.
 */
public final class CardArrears implements Arrears {
  /** Cards that one look reads. */
  static final int MOST = 1_000;

  private final Outbox outbox;
  private final Claims claims;
  private final Ledgers ledgers;
  private final Tracks tracks;
  private final String wayOut;

  /**
   * Arrears of the projects of a storage root.
   *
   * @param wayOut the command that sends them
   */
  public CardArrears(
      FileSystem files, Layout layout, Claims claims, Journal journal, String wayOut) {
    this.outbox = new Outbox(files, layout);
    this.claims = claims;
    this.ledgers = new Ledgers(claims, journal);
    this.tracks = new Tracks(files, layout);
    this.wayOut = wayOut;
  }

  @Override
  public Owed of(String project) {
    Map<String, Long> rows = new LinkedHashMap<>();
    List<String> beside = new ArrayList<>();
    List<String> cards = cards(project);
    cards.stream()
        .limit(MOST)
        .forEach(
            runId ->
                outbox
                    .card(project, runId)
                    .filter(card -> card.told() != null)
                    .ifPresent(
                        card -> {
                          rows.put(runId, lacking(card));
                          beside.addAll(beside(card));
                        }));
    return new Owed(rows, cards.size() <= MOST, beside);
  }

  private List<String> beside(RunDescriptor card) {
    return claims.look(card.key()) instanceof ClaimState.Logged logged
        ? SideDelivery.lacking(card, tracks, logged.end().epoch())
        : List.of();
  }

  private List<String> cards(String project) {
    try {
      return outbox.waiting(project);
    } catch (IOException unreadable) {
      return List.of();
    }
  }

  private long lacking(RunDescriptor card) {
    Long told = card.told();
    return told != null && claims.look(card.key()) instanceof ClaimState.Logged logged
        ? Math.max(0, ledgers.of(card.key(), logged.end()).lines() - told)
        : 0;
  }

  @Override
  public String wayOut() {
    return wayOut;
  }
}
