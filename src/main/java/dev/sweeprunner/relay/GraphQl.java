package dev.sweeprunner.relay;

import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.relay.files.RelayRefusal;
import dev.sweeprunner.relay.rows.Book;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers what clients ask in GraphQL. What cannot be answered gets one sentence and no data: a
 * client goes on after an error in words, but dies of an empty answer and hangs on a failing
 * server. Any thread.
 */
final class GraphQl {
  /** Bytes of a request: a config may be large. */
  private static final int MOST = 16 << 20;

  private static final String ALERT = "NotifyScriptableRunAlert";

  /** What programs call that ask so. */
  private static final Map<String, String> CALLED =
      Map.of(ALERT, "wandb.alert", "UpsertSweep", "wandb.sweep", "GetDefaultEntity", "wandb.Api");

  private final LoopbackLife life;
  private final Exchange exchange;

  GraphQl(LoopbackLife life, Exchange exchange) {
    this.life = life;
    this.exchange = exchange;
  }

  /** Answers. */
  void answer() throws IOException {
    life.holding(exchange, this::read);
  }

  private void read() throws IOException {
    Operation asked;
    try {
      asked = Operation.of(new Body(exchange.body(), MOST, life::isOpen).readAllBytes());
    } catch (Body.TooLarge e) {
      Body.drain(exchange.raw(), life::isOpen);
      refuse("A request to W&B of more than " + (MOST >> 20) + " MiB is not answered.");
      return;
    } catch (UnreadableJson e) {
      refuse("A request to W&B that is " + e.getMessage() + " is not answered.");
      return;
    } catch (Body.Revoked e) {
      Door.unauthorized(exchange);
      return;
    }
    answer(asked);
  }

  private void answer(Operation asked) throws IOException {
    Map<String, @Nullable Object> data;
    try {
      data = data(asked);
    } catch (Body.Revoked e) {
      Door.unauthorized(exchange);
      return;
    } catch (RelayRefusal | Runs.TooMany | Alerts.NotKept e) {
      refuse(String.valueOf(e.getMessage()));
      return;
    } catch (IOException e) {
      later(asked, e);
      return;
    }
    if (data == null) {
      unknown(asked);
      return;
    }
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("data", data);
    exchange.answer(HttpServletResponse.SC_OK, answer);
  }

  private @Nullable Map<String, @Nullable Object> data(Operation asked) throws IOException {
    return switch (asked.name()) {
      case "RunResumeStatus" ->
          life.answers().resume(life.runs().look(asked.text("name"), exchange.connection()));
      case "UpsertBucket" -> life.answers().upsert(life.take(() -> life.runs().open(told(asked))));
      case ALERT -> alert(asked);
      default -> {
        Map<String, @Nullable Object> general = life.answers().general(asked);
        yield general == null ? ofFiles(asked) : general;
      }
    };
  }

  /** A client that opens a run says on what host and by which file; later on it does not. */
  private Runs.Description told(Operation asked) {
    return new Runs.Description(
        asked.text("name"),
        asked.text("id"),
        asked.says("host") || asked.says("program"),
        exchange.sharedWriter() != null,
        exchange.connection(),
        asked.variables());
  }

  private Map<String, @Nullable Object> alert(Operation asked) throws IOException {
    Book book = life.owners().of(asked, exchange.connection()).book();
    return life.take(
        () -> {
          life.alerts().take(asked, book);
          return Answers.alerted();
        });
  }

  private @Nullable Map<String, @Nullable Object> ofFiles(Operation asked) throws IOException {
    LiveRun owner = life.owners().of(asked, exchange.connection());
    Optional<Map<String, @Nullable Object>> data =
        life.take(() -> owner.files().answer(asked.name(), asked.variables()));
    data.ifPresent(answer -> life.owners().learn(asked, answer, owner));
    return data.orElse(null);
  }

  private void unknown(Operation asked) throws IOException {
    refuse(
        "Sweep Runner does not answer "
            + called(asked)
            + " in W&B's place: it knows the program's own runs, files and artifacts. With --relay"
            + " off the program asks W&B itself.");
  }

  private static String called(Operation asked) {
    String called = CALLED.get(asked.name());
    return called == null ? asked.name() : called + " (" + asked.name() + ")";
  }

  private void refuse(String sentence) throws IOException {
    life.refuse(sentence);
    exchange.answer(HttpServletResponse.SC_OK, Answers.refusal(sentence));
  }

  /** The disk refuses: a run that is told of anew, or a file that is left out. */
  private void later(Operation asked, IOException refused) throws IOException {
    String sentence = called(asked) + " could not be written down: " + Why.at(refused) + ".";
    life.say(sentence);
    boolean again = asked.name().equals("UpsertBucket");
    exchange.answer(
        again ? HttpServletResponse.SC_SERVICE_UNAVAILABLE : HttpServletResponse.SC_OK,
        Answers.refusal(sentence));
  }
}
