using System.Globalization;

namespace WpFarm.Backups.Recovery;

internal static class MomentText
{
    public static string Of(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
