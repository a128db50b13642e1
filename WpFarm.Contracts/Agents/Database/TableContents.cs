namespace WpFarm.Contracts.Agents.Database;

/// <summary><c>{"database":"wp_blog","table":"wp_posts","rows":8,"checksum":1924122157}</c></summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Checksum">Result of <c>CHECKSUM TABLE</c>.</param>
public sealed record TableContents(string Database, string Table, long Rows, long Checksum);
