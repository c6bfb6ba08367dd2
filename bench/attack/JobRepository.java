import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * Looks into a worker's job repository, or holds it: {@code java -cp sweep-runner.jar
 * JobRepository.java show FILE} prints a line per job execution; {@code hold FILE} keeps it open
 * until killed.
 */
public class JobRepository {
  private static final String EXECUTIONS =
      """
      SELECT E.JOB_INSTANCE_ID, E.JOB_EXECUTION_ID, E.STATUS,
             (SELECT STRING_AGG(P.PARAMETER_NAME || '=' || P.PARAMETER_VALUE, ' '
                                ORDER BY P.PARAMETER_NAME)
                FROM BATCH_JOB_EXECUTION_PARAMS P
               WHERE P.JOB_EXECUTION_ID = E.JOB_EXECUTION_ID)
        FROM BATCH_JOB_EXECUTION E ORDER BY E.JOB_EXECUTION_ID
      """;

  public static void main(String[] arguments) throws Exception {
    String file = arguments[1].replaceAll("\\.mv\\.db$", "");
    String url = "jdbc:h2:file:" + file + ";IFEXISTS=TRUE";
    try (Connection connection = DriverManager.getConnection(url, "sa", "")) {
      if (arguments[0].equals("hold")) {
        System.out.println("held");
        Thread.sleep(Long.MAX_VALUE);
      }
      show(connection);
    }
  }

  private static void show(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(EXECUTIONS)) {
      while (rows.next()) {
        System.out.println(
            rows.getLong(1)
                + "\t"
                + rows.getLong(2)
                + "\t"
                + rows.getString(3)
                + "\t"
                + rows.getString(4));
      }
    }
  }
}
