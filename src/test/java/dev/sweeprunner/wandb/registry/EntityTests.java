package dev.sweeprunner.wandb.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.testkit.wandb.Channel;
import dev.sweeprunner.testkit.wandb.Fault;
import dev.sweeprunner.wandb.api.Patience;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.telemetry.Station;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntityTests {
  @TempDir Path root;
  private Station station;
  private Identity identity;
  private WandbClient client;

  @BeforeEach
  void start() {
    station = new Station(root);
    identity = new Identity(station.files, station.layout);
    client = station.client().with(Patience.once());
  }

  @AfterEach
  void stop() {
    station.close();
  }

  @Test
  void the_keys_own_entity_is_asked_for_once_and_pinned() throws WandbFailure {
    Entity entity = new Entity(identity, "p", null, client);
    boolean before = entity.settled().isPresent();

    String first = entity.name();
    String second = entity.name();
    String later = new Entity(identity, "p", null, client).name();

    assertThat(before).isFalse();
    assertThat(first).isEqualTo(second).isEqualTo(later).isEqualTo(Station.ENTITY);
    assertThat(identity.entity("p")).contains(Station.ENTITY);
    assertThat(station.server.requests().all()).hasSize(1);
  }

  @Test
  void an_entity_that_the_server_does_not_know_is_never_pinned() {
    assertThatThrownBy(() -> new Entity(identity, "p", "acmee", client).name())
        .isInstanceOf(WandbFailure.class)
        .hasMessageContaining("acmee");

    assertThat(identity.entity("p")).isEmpty();
  }

  @Test
  void a_chosen_entity_is_pinned_once_the_server_knows_it() throws WandbFailure {
    station.server.accounts().addEntity("acme");

    String name = new Entity(identity, "p", "acme", client).name();

    assertThat(name).isEqualTo("acme");
    assertThat(identity.entity("p")).contains("acme");
    assertThat(station.server.requests().all()).hasSize(1);
  }

  @Test
  void another_choice_than_the_pinned_one_is_refused() {
    identity.pin("p", "acme");

    assertThatThrownBy(() -> new Entity(identity, "p", "other", client).settled())
        .isInstanceOf(UserError.class);
  }

  @Test
  void an_unanswered_question_pins_nothing_and_is_asked_again() throws WandbFailure {
    Entity entity = new Entity(identity, "p", null, client);
    station.server.faults().next(Channel.GRAPHQL, Fault.ERROR_500);

    assertThatThrownBy(entity::name).isInstanceOf(WandbFailure.class);
    assertThat(identity.entity("p")).isEmpty();
    assertThat(entity.name()).isEqualTo(Station.ENTITY);
  }
}
