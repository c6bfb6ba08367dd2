package dev.sweeprunner.testkit.wandb;

import graphql.schema.DataFetchingEnvironment;
import graphql.schema.idl.RuntimeWiring;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The reading half of the schema: who, which project, which runs. */
final class Queries {
  private final RunBook book;
  private final Accounts accounts;
  private final SweepBook sweeps;
  private final Nodes nodes;
  private final int pageCap;

  Queries(RunBook book, Accounts accounts, SweepBook sweeps, int pageCap) {
    this.book = book;
    this.accounts = accounts;
    this.sweeps = sweeps;
    this.nodes = new Nodes(book);
    this.pageCap = pageCap;
  }

  void wire(RuntimeWiring.Builder wiring) {
    wiring.type(
        "Query",
        type ->
            type.dataFetcher("viewer", q -> nodes.user(accounts.defaultEntity()))
                .dataFetcher("serverInfo", q -> serverInfo())
                .dataFetcher("entity", this::entity)
                .dataFetcher("project", this::project)
                .dataFetcher("model", this::project)
                .dataFetcher("projects", this::projects)
                .dataFetcher("models", this::projects));
    wiring.type(
        "Project",
        type ->
            type.dataFetcher("run", q -> nodes.run(RunView.of(run(q), book)))
                .dataFetcher("bucket", this::bucket)
                .dataFetcher("runs", this::runs)
                .dataFetcher("runCount", q -> page(q).total())
                .dataFetcher("sweep", this::sweep)
                .dataFetcher("sweeps", q -> Nodes.whole(sweeps.nodes(nodes)))
                .dataFetcher("totalSweeps", q -> sweeps.nodes(nodes).size()));
    wiring.type(
        "Sweep",
        type ->
            type.dataFetcher("runs", this::runsOfSweep)
                .dataFetcher("runCount", q -> ofSweep(q).size()));
  }

  private static Map<String, Object> serverInfo() {
    return Map.of(
        "features",
        List.of(),
        "cliVersionInfo",
        Map.of("max_cli_version", "99.0.0", "min_cli_version", "0.0.1"));
  }

  private @Nullable Object entity(DataFetchingEnvironment q) {
    String name = q.getArgument("name");
    String entity = name == null ? accounts.defaultEntity() : name;
    return accounts.knows(entity) ? nodes.entity(entity) : null;
  }

  private @Nullable Object project(DataFetchingEnvironment q) {
    String wished = q.getArgument("entityName");
    String entity = wished == null || wished.isEmpty() ? accounts.defaultEntity() : wished;
    String name = q.getArgument("name");
    if (!accounts.mayUse(Caller.of(q).key(), entity)) {
      throw new Refusal(403, "permission denied");
    }
    boolean known = name != null && accounts.knows(entity) && book.hasProject(entity, name);
    return known ? nodes.project(entity, Objects.requireNonNull(name)) : null;
  }

  private Object projects(DataFetchingEnvironment q) {
    String wished = q.getArgument("entityName");
    String entity = wished == null ? accounts.defaultEntity() : wished;
    return Nodes.whole(
        book.projects(entity).stream().map(name -> nodes.project(entity, name)).toList());
  }

  private @Nullable FakeRun run(DataFetchingEnvironment q) {
    String name = q.getArgument("name");
    Map<String, @Nullable Object> project = Json.members(q.getSource());
    return book.find(
        new RunAddress(
            String.valueOf(project.get("entityName")),
            String.valueOf(project.get("name")),
            String.valueOf(name)));
  }

  private @Nullable Object bucket(DataFetchingEnvironment q) {
    RunView view = RunView.of(run(q), book);
    if (view == null && !Boolean.TRUE.equals(q.getArgument("missingOk"))) {
      throw new Refusal(404, "run not found");
    }
    return nodes.run(view);
  }

  private Object runs(DataFetchingEnvironment q) {
    Page page = page(q);
    return nodes.page(Caller.of(q).fault() == Fault.WRONG_PAGE ? wrong(q, page) : page);
  }

  private Page page(DataFetchingEnvironment q) {
    return Page.of(views(q), Filters.of(q.getArgument("filters")), wish(q), pageCap);
  }

  /** As many of the runs that were not asked for; invented ones where there are none. */
  private Page wrong(DataFetchingEnvironment q, Page right) {
    Predicate<RunView> others = Filters.of(q.getArgument("filters")).negate();
    Page page = Page.of(views(q), others, wish(q), Math.max(1, right.rows().size()));
    if (!page.rows().isEmpty()) {
      return page;
    }
    List<RunView> invented =
        right.rows().stream().map(view -> view.named("other-" + view.name())).toList();
    return new Page(invented, right.from(), right.total());
  }

  private Stream<RunView> views(DataFetchingEnvironment q) {
    Map<String, @Nullable Object> project = Json.members(q.getSource());
    return book
        .list(String.valueOf(project.get("entityName")), String.valueOf(project.get("name")))
        .stream()
        .flatMap(run -> Stream.ofNullable(RunView.of(run, book)));
  }

  private static Page.Wish wish(DataFetchingEnvironment q) {
    return new Page.Wish(q.getArgument("first"), q.getArgument("after"), q.getArgument("order"));
  }

  private @Nullable Object sweep(DataFetchingEnvironment q) {
    String name = q.getArgument("sweepName");
    return sweeps.node(String.valueOf(name), nodes);
  }

  private Object runsOfSweep(DataFetchingEnvironment q) {
    return nodes.page(Page.of(ofSweep(q).stream(), run -> true, wish(q), pageCap));
  }

  private List<RunView> ofSweep(DataFetchingEnvironment q) {
    Object name = Json.members(q.getSource()).get("name");
    return book.all().stream()
        .flatMap(run -> Stream.ofNullable(RunView.of(run, book)))
        .filter(view -> Objects.equals(view.attribute("sweep"), name))
        .toList();
  }
}
