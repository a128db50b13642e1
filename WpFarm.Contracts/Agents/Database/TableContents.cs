namespace WpFarm.Contracts.Agents.Database;

/// <summary><c>{"database":"wp_blog","table":"wp_posts","rows":8,"checksum":1924122157}</c></summary>
/// <param name="Rows">Their number.</param>
/// <param name="Checksum">As <c>CHECKSUM TABLE</c> gives it.</param>
public sealed record TableContents(string Database, string Table, long Rows, long Checksum);
