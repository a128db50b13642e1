namespace WpFarm.Deployment.Reporting;

/// <summary>What was begun did not end well: a build failed, a service did not become healthy.</summary>
public sealed class OperationFailedException(string message, Exception? inner = null) : Exception(message, inner);
