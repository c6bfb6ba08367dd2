package dev.sweeprunner.wandb;

import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.api.WandbFailure.Kind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose runs those of a project are: as chosen, else as pinned, else the key's own default, for
 * which W&amp;B must be asked; the answer is pinned. Any thread.
 */
public final class Entity {
  private final Identity identity;
  private final String project;
  private final @Nullable String chosen;
  private final WandbClient client;
  private volatile @Nullable String known;

  /**
   * The entity of a project of this storage root.
   *
   * @param project the project's folder
   * @param chosen what the user chose, or null
   */
  public Entity(Identity identity, String project, @Nullable String chosen, WandbClient client) {
    this.identity = identity;
    this.project = project;
    this.chosen = chosen;
    this.client = client;
  }

  /**
   * What is known without asking; pins what was chosen.
   *
   * @throws dev.sweeprunner.problem.UserError if another entity is pinned than was chosen
   */
  public Optional<String> settled() {
    if (known == null && chosen != null) {
      identity.pin(project, chosen);
      known = chosen;
    }
    if (known == null) {
      known = identity.entity(project).orElse(null);
    }
    return Optional.ofNullable(known);
  }

  /** The entity; asks W&amp;B at most until it has answered once. */
  public String name() throws WandbFailure {
    Optional<String> settled = settled();
    if (settled.isPresent()) {
      return settled.get();
    }
    String own = client.viewer().entity();
    if (own == null) {
      throw new WandbFailure(
          Kind.REFUSED, "the W&B key has no entity of its own; name one with --entity", null, null);
    }
    identity.pin(project, own);
    known = own;
    return own;
  }
}
