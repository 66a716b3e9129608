/** The cabinet's places: which address shows which screen, and who may see it. */
import { useEffect } from 'preact/hooks'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { ButtonLink } from '../shared/parts/Button.tsx'
import { asked } from './data/activity.ts'
import { session } from './data/session.ts'
import { useValue } from '../shared/data/value.ts'
import { Door } from './frame/Frame.tsx'
import { late } from './frame/late.tsx'
import { CardScreen } from './screens/card/CardScreen.tsx'
import { words } from './words/words.ts'

const Join = late(() => import('./screens/join/JoinScreen.tsx').then(part => part.JoinScreen))
const Confirm = late(() => import('./screens/confirm/ConfirmScreen.tsx').then(part => part.ConfirmScreen))
const SignIn = late(() => import('./screens/sign-in/SignInScreen.tsx').then(part => part.SignInScreen))
const SignInByCode = late(() => import('./screens/sign-in/CodeScreen.tsx').then(part => part.CodeScreen))
const Forgot = late(() => import('./screens/reset/ForgotScreen.tsx').then(part => part.ForgotScreen))
const Reset = late(() => import('./screens/reset/ResetScreen.tsx').then(part => part.ResetScreen))
const Purchases = late(() => import('./screens/purchases/PurchasesScreen.tsx').then(part => part.PurchasesScreen))
const Claims = late(() => import('./screens/claims/ClaimsScreen.tsx').then(part => part.ClaimsScreen))
const Partners = late(() => import('./screens/partners/PartnersScreen.tsx').then(part => part.PartnersScreen))
const Points = late(() => import('./screens/points/PointsScreen.tsx').then(part => part.PointsScreen))
const AskedSheet = late(() => import('./screens/points/SpendingSheet.tsx').then(part => part.AskedSheet))
const Booking = late(() => import('./screens/booking/BookingScreen.tsx').then(part => part.BookingScreen))
const Connect = late(() => import('./screens/connect/ConnectScreen.tsx').then(part => part.ConnectScreen))
const Family = late(() => import('./screens/family/FamilyScreen.tsx').then(part => part.FamilyScreen))
const JoinFamily = late(() => import('./screens/family/JoinFamilyScreen.tsx').then(part => part.JoinFamilyScreen))
const Shop = late(() => import('./screens/shop/ShopScreen.tsx').then(part => part.ShopScreen))
const Profile = late(() => import('./screens/profile/ProfileScreen.tsx').then(part => part.ProfileScreen))
const Address = late(() => import('./screens/profile/AddressScreen.tsx').then(part => part.AddressScreen))
const Gone = late(() => import('./screens/leaving/GoneScreen.tsx').then(part => part.GoneScreen))

export function App() {
  const spending = useValue(asked)
  return (
    <>
      <Switch>
        <Route path="/"><Redirect to="/card" replace /></Route>
        <Route path="/card/:code?"><CardScreen /></Route>
        <Route path="/purchases"><Members><Purchases /></Members></Route>
        <Route path="/claims"><Members><Claims /></Members></Route>
        <Route path="/partners"><Partners /></Route>
        <Route path="/booking"><Members><Booking /></Members></Route>
        <Route path="/shop"><Shop /></Route>
        <Route path="/profile"><Members><Profile /></Members></Route>
        <Route path="/profile/address"><Members><Address /></Members></Route>
        <Route path="/profile/erased"><Gone /></Route>
        <Route path="/points"><Members><Points /></Members></Route>
        <Route path="/family"><Members><Family /></Members></Route>
        <Route path="/family/join"><JoinFamily /></Route>
        <Route path="/connect"><Connect /></Route>
        <Route path="/join"><Join /></Route>
        <Route path="/confirm"><Confirm /></Route>
        <Route path="/sign-in"><SignIn /></Route>
        <Route path="/sign-in/code"><SignInByCode /></Route>
        <Route path="/forgot"><Forgot /></Route>
        <Route path="/reset"><Reset /></Route>
        <Route>
          <Door title={words.page.notFound} note={words.page.notFoundNote}><ButtonLink href="/card">{words.page.toCard}</ButtonLink></Door>
        </Route>
      </Switch>
      {spending && <AskedSheet key={spending.id} spending={spending} />}
    </>
  )
}

/** Screens of a signed-in member: once the server says that nobody is, sign-in opens and brings the reader back. */
function Members({ children }: { children: preact.ComponentChildren }) {
  const out = useValue(session) === 'out'
  const [location, go] = useLocation()
  useEffect(() => {
    if (out) go('/sign-in', { replace: true, state: { back: location + window.location.search } })
  }, [out])
  return out ? null : <>{children}</>
}
