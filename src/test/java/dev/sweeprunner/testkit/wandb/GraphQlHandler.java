package dev.sweeprunner.testkit.wandb;

import graphql.ErrorType;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.execution.DataFetcherExceptionHandler;
import graphql.execution.DataFetcherExceptionHandlerParameters;
import graphql.execution.DataFetcherExceptionHandlerResult;
import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.introspection.GoodFaithIntrospection;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** {@code POST /graphql}: every document is validated and executed against the schema. */
final class GraphQlHandler implements Endpoint, DataFetcherExceptionHandler {
  private static final String STATUS = "status";

  private final Accounts accounts;
  private final Violations violations;
  private final GraphQL graphQl;

  GraphQlHandler(
      RunBook book, ArtifactBook artifacts, Accounts accounts, Violations violations, int pageCap) {
    this.accounts = accounts;
    this.violations = violations;
    SweepBook sweeps = new SweepBook(book);
    RuntimeWiring.Builder wiring =
        RuntimeWiring.newRuntimeWiring()
            .scalar(Scalars.text("JSONString"))
            .scalar(Scalars.text("DateTime"))
            .scalar(Scalars.any("JSON"))
            .scalar(Scalars.any("Int64"))
            .scalar(Scalars.any("Duration"));
    new Queries(book, accounts, sweeps, pageCap).wire(wiring);
    new RunFields(book, sweeps).wire(wiring);
    new Mutations(book, accounts, sweeps).wire(wiring);
    new ArtifactFields(artifacts, book, accounts, violations).wire(wiring);
    Map<String, PreparsedDocumentEntry> documents = new ConcurrentHashMap<>();
    this.graphQl =
        GraphQL.newGraphQL(
                new SchemaGenerator()
                    .makeExecutableSchema(new SchemaParser().parse(schema()), wiring.build()))
            .defaultDataFetcherExceptionHandler(this)
            .preparsedDocumentProvider(
                (input, parse) ->
                    CompletableFuture.completedFuture(
                        documents.computeIfAbsent(input.getQuery(), q -> parse.apply(input))))
            .build();
  }

  @Override
  public Answer answer(Request request, @Nullable Fault fault) {
    Map<String, @Nullable Object> body;
    try {
      body = Json.members(Json.read(request.text()));
    } catch (JacksonException notJson) {
      violations.add("a GraphQL request is not JSON");
      return Answer.json(400, Map.of("errors", List.of(Map.of("message", "body is not JSON"))));
    }
    String document = String.valueOf(body.get("query"));
    String operation = Operations.name(document, body.get("operationName"));
    String key = accounts.keyOf(request.header("Authorization"));
    if (key == null) {
      return Answer.json(401, notLoggedIn(document)).of(operation);
    }
    String base = "http://" + request.header("Host");
    return execute(body, document, new Caller(key, base, fault)).of(operation);
  }

  private Answer execute(Map<String, @Nullable Object> body, String document, Caller caller) {
    ExecutionInput input =
        ExecutionInput.newExecutionInput(document)
            .operationName(body.get("operationName") instanceof String name ? name : null)
            .variables(variables(body))
            .graphQLContext(
                Map.of(
                    Caller.IN_CONTEXT,
                    caller,
                    STATUS,
                    new ConcurrentHashMap<String, Integer>(),
                    GoodFaithIntrospection.GOOD_FAITH_INTROSPECTION_DISABLED,
                    true))
            .build();
    ExecutionResult result = graphQl.execute(input);
    Map<String, Integer> statuses = Objects.requireNonNull(input.getGraphQLContext().get(STATUS));
    int status = statuses.values().stream().findFirst().orElse(200);
    if (result.getErrors().stream().anyMatch(GraphQlHandler::isTheClients)) {
      status = 400;
      violations.add("not valid: " + result.getErrors() + " in " + document);
    }
    return Answer.json(status, result.toSpecification());
  }

  private static boolean isTheClients(GraphQLError error) {
    return error.getErrorType() == ErrorType.InvalidSyntax
        || error.getErrorType() == ErrorType.ValidationError
        || error.getErrorType() == ErrorType.OperationNotSupported;
  }

  @Override
  public CompletableFuture<DataFetcherExceptionHandlerResult> handleException(
      DataFetcherExceptionHandlerParameters failed) {
    Throwable why = failed.getException();
    int status = 500;
    String message = "internal error: " + why;
    if (why instanceof Refusal refusal) {
      status = refusal.status();
      message = refusal.text();
    } else {
      violations.add("the fake itself failed: " + why);
    }
    Map<String, Integer> statuses =
        Objects.requireNonNull(failed.getDataFetchingEnvironment().getGraphQlContext().get(STATUS));
    statuses.put(STATUS, status);
    GraphQLError error =
        GraphqlErrorBuilder.newError()
            .message("%s", message)
            .path(failed.getPath())
            .extensions(status == 403 ? Map.of("code", "PERMISSION_ERROR") : Map.of())
            .build();
    return CompletableFuture.completedFuture(
        DataFetcherExceptionHandlerResult.newResult().error(error).build());
  }

  private static Map<String, @Nullable Object> variables(Map<String, @Nullable Object> body) {
    return Json.members(body.get("variables"));
  }

  private static Map<String, Object> notLoggedIn(String document) {
    return Map.of(
        "errors",
        List.of(
            Map.of(
                "message",
                "user is not logged in",
                "path",
                Operations.fields(document),
                "extensions",
                Map.of("code", "PERMISSION_ERROR"))),
        "data",
        Map.of());
  }

  private static String schema() {
    try (InputStream in = GraphQlHandler.class.getResourceAsStream("/wandb/schema.graphql")) {
      InputStream there = Objects.requireNonNull(in, "wandb/schema.graphql");
      return new String(there.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
