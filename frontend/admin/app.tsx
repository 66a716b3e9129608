/** The panel's places: which address shows which page, and the way in for whoever is not known yet. */
import { useEffect, useState } from 'preact/hooks'
import { Route, Router, Switch, useLocation } from 'wouter'
import { Skeleton } from '../shared/parts/Skeleton.tsx'
import { Notice } from '../shared/parts/Notice.tsx'
import { Button } from '../shared/parts/Button.tsx'
import { useValue } from '../shared/data/value.ts'
import { readViewer, session } from './data/session.ts'
import { Door } from './frame/Door.tsx'
import { late } from './frame/late.tsx'
import { Screen } from './frame/Screen.tsx'
import { Empty } from './parts/states.tsx'
import { AccessScreen } from './screens/access/AccessScreen.tsx'
import { CardsScreen } from './screens/cards/CardsScreen.tsx'
import { ClaimsScreen } from './screens/claims/ClaimsScreen.tsx'
import { JoinScreen } from './screens/joining/JoinScreen.tsx'
import { JournalScreen } from './screens/journal/JournalScreen.tsx'
import { OperationsScreen } from './screens/operations/OperationsScreen.tsx'
import { InviteScreen } from './screens/people/InviteScreen.tsx'
import { PeopleScreen } from './screens/people/PeopleScreen.tsx'
import { PersonScreen } from './screens/people/PersonScreen.tsx'
import { PluginsScreen } from './screens/plugins/PluginsScreen.tsx'
import { RequestsScreen } from './screens/rights/RequestsScreen.tsx'
import { RightsScreen } from './screens/rights/RightsScreen.tsx'
import { RolesScreen } from './screens/rights/RolesScreen.tsx'
import { RoleScreen } from './screens/rights/RoleScreen.tsx'
import { SignInScreen } from './screens/sign-in/SignInScreen.tsx'
import { SignalsScreen } from './screens/signals/SignalsScreen.tsx'
import { StartScreen } from './screens/start/StartScreen.tsx'
import { AddTillScreen } from './screens/tills/AddTillScreen.tsx'
import { TillsScreen } from './screens/tills/TillsScreen.tsx'
import { AddWebhookScreen } from './screens/webhooks/AddWebhookScreen.tsx'
import { WebhookScreen } from './screens/webhooks/WebhookScreen.tsx'
import { WebhooksScreen } from './screens/webhooks/WebhooksScreen.tsx'
import { words } from './words/words.ts'

const Members = late('members', () => import('./screens/members/MembersScreen.tsx').then(part => part.MembersScreen))
const Member = late('members', () => import('./screens/members/MemberScreen.tsx').then(part => part.MemberScreen))
const Campaigns = late('campaigns', () => import('./screens/campaigns/CampaignsScreen.tsx').then(part => part.CampaignsScreen))
const Campaign = late('campaigns', () => import('./screens/campaigns/CampaignScreen.tsx').then(part => part.CampaignScreen))
const Message = late('messages', () => import('./screens/messages/MessageScreen.tsx').then(part => part.MessageScreen))
const Messages = late('messages', () => import('./screens/messages/MessagesScreen.tsx').then(part => part.MessagesScreen))
const Goodwill = late('goodwill', () => import('./screens/goodwill/GoodwillScreen.tsx').then(part => part.GoodwillScreen))
const Money = late('money', () => import('./screens/money/MoneyScreen.tsx').then(part => part.MoneyScreen))
const Restaurants = late('restaurants', () => import('./screens/restaurants/RestaurantsScreen.tsx').then(part => part.RestaurantsScreen))
const Settlement = late('settlement', () => import('./screens/settlement/SettlementScreen.tsx').then(part => part.SettlementScreen))
const Facts = late('settlement', () => import('./screens/settlement/FactsScreen.tsx').then(part => part.FactsScreen))
const Twins = late('twins', () => import('./screens/twins/TwinsScreen.tsx').then(part => part.TwinsScreen))
const Pair = late('twins', () => import('./screens/twins/PairScreen.tsx').then(part => part.PairScreen))
const Status = late('status', () => import('./screens/status/StatusScreen.tsx').then(part => part.StatusScreen))

export function App() {
  return (
    <Router base="/admin">
      <Switch>
        <Route path="/join"><JoinScreen /></Route>
        <Route path="/sign-in"><Known><SignInScreen /></Known></Route>
        <Route><Known><Pages /></Known></Route>
      </Switch>
    </Router>
  )
}

function Pages() {
  const out = useValue(session).state === 'out'
  const [location, go] = useLocation()
  useEffect(() => {
    if (out) go('/sign-in', { replace: true, state: { back: location + window.location.search } })
  }, [out])
  if (out) return null
  return (
    <Switch>
      <Route path="/"><StartScreen /></Route>
      <Route path="/me"><AccessScreen /></Route>
      <Route path="/people"><PeopleScreen /></Route>
      <Route path="/people/new"><InviteScreen /></Route>
      <Route path="/people/:id">{({ id }) => <PersonScreen key={id} id={id} />}</Route>
      <Route path="/people/:id/rights">{({ id }) => <RightsScreen key={id} id={id} />}</Route>
      <Route path="/members"><Members /></Route>
      <Route path="/members/:id">{({ id }) => <Member key={id} id={id} />}</Route>
      <Route path="/twins"><Twins /></Route>
      <Route path="/twins/:one/:other">{({ one, other }) => <Pair key={one + other} one={one} other={other} />}</Route>
      <Route path="/campaigns"><Campaigns /></Route>
      <Route path="/campaigns/:id">{({ id }) => <Campaign key={id} id={id} />}</Route>
      <Route path="/cards"><CardsScreen /></Route>
      <Route path="/operations"><OperationsScreen /></Route>
      <Route path="/money"><Money /></Route>
      <Route path="/tills"><TillsScreen /></Route>
      <Route path="/tills/new"><AddTillScreen /></Route>
      <Route path="/plugins"><PluginsScreen /></Route>
      <Route path="/restaurants"><Restaurants /></Route>
      <Route path="/webhooks"><WebhooksScreen /></Route>
      <Route path="/webhooks/new"><AddWebhookScreen /></Route>
      <Route path="/webhooks/:id">{({ id }) => <WebhookScreen key={id} id={id} />}</Route>
      <Route path="/settlement"><Settlement /></Route>
      <Route path="/settlement/:month">{({ month }) => <Facts key={month} month={month} />}</Route>
      <Route path="/roles"><RolesScreen /></Route>
      <Route path="/roles/:id">{({ id }) => <RoleScreen key={id} id={id} />}</Route>
      <Route path="/requests"><RequestsScreen /></Route>
      <Route path="/claims"><ClaimsScreen /></Route>
      <Route path="/goodwill"><Goodwill /></Route>
      <Route path="/signals"><SignalsScreen /></Route>
      <Route path="/messages"><Messages /></Route>
      <Route path="/messages/:id">{({ id }) => <Message key={id} id={id} />}</Route>
      <Route path="/status"><Status /></Route>
      <Route path="/journal"><JournalScreen /></Route>
      <Route>
        <Screen title={words.panel.notFound}><Empty title={words.panel.notFoundNote} action={<a href="/admin">{words.panel.toStart}</a>} /></Screen>
      </Route>
    </Switch>
  )
}

/** Nothing of the panel is drawn before the server has said who is there. */
function Known({ children }: { children: preact.ComponentChildren }) {
  const unknown = useValue(session).state === 'unknown'
  const [failed, setFailed] = useState(false)
  const read = (): void => {
    setFailed(false)
    readViewer().catch(() => setFailed(true))
  }
  useEffect(() => {
    if (unknown) read()
  }, [])
  if (!unknown) return <>{children}</>
  if (failed) return <Door title={words.state.failed}><Notice kind="danger" role="alert" action={<Button kind="quiet" onClick={read}>{words.state.retry}</Button>}>{words.state.failedNote}</Notice></Door>
  return <div aria-busy="true"><span class="unseen" role="status">{words.state.loading}</span><Skeleton height={56} radius={0} /></div>
}
