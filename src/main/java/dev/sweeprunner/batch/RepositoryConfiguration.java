package dev.sweeprunner.batch;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.batch.jdbc.autoconfigure.BatchJdbcAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/**
 * The beans of the job repository, over the data source that root exports. What of Boot it takes is
 * named: a look at the conditions of all eighty would take a third of a worker's start.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({
  DataSourceTransactionManagerAutoConfiguration.class,
  BatchJdbcAutoConfiguration.class
})
public class RepositoryConfiguration {}
