namespace WpFarm.Deployment.Reporting;

/// <summary>An operation failed after it began: a build failed, or a service did not become healthy.</summary>
public sealed class OperationFailedException(string message, Exception? inner = null) : Exception(message, inner);
