using System.Globalization;

namespace WpFarm.Contracts.Agents.Database;

/// <summary>
/// Space on a server's disk. The answer is text: two numbers separated by a space, for example <c>162411661 9126805504</c>.
/// </summary>
/// <param name="Data">Size of the server's data in bytes.</param>
/// <param name="Free">Free bytes on the same disk.</param>
public sealed record DiskRoom(long Data, long Free)
{
    /// <returns>Null when the text is not two numbers.</returns>
    public static DiskRoom? Parse(string text) =>
        text.Split(' ') is [var data, var free] && TryParse(data, out var dataBytes) && TryParse(free, out var freeBytes)
            ? new(dataBytes, freeBytes)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Data} {Free}");

    private static bool TryParse(string digits, out long number) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
